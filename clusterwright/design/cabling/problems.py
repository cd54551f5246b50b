"""What keeps two ports from being joined: one sentence for each mistake, however many cables."""

from collections.abc import Iterator, Sequence

from clusterwright.catalogue.entry import Cable
from clusterwright.design.cabling.cage import mixed_cages
from clusterwright.design.cabling.finer import split_finer
from clusterwright.design.cabling.fit import Fit, Fits
from clusterwright.design.cabling.means import Means, Way, ways
from clusterwright.design.cabling.piece import beyond, name_pieces
from clusterwright.design.cabling.reach import out_of_reach, shown
from clusterwright.design.cabling.route import Routes
from clusterwright.design.cabling.run import Run
from clusterwright.design.cabling.socket import Socket
from clusterwright.design.cabling.tally import Asked, take_tally
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.cabling import AUTO

XDR_GBPS = 800
XDR_MEDIA = frozenset({"singlemode-fibre", "copper-active"})


def find_problems(  # noqa: PLR0913, PLR0917 - all that cables depend on
    runs: Sequence[Run],
    cables: Sequence[str],
    by_run: Sequence[Fit],
    fits: Fits,
    routes: Routes,
    means: Means | None = None,
) -> Iterator[Problem]:
    """Yield every way in which cables, cages and distances do not go together."""

    def further(run: Run) -> Iterator[Way]:
        return ways(means, run, runs, by_run, fits, routes) if means else iter(())

    wrong = False
    for asked in take_tally(runs, cables, by_run):
        problem = _of_kind(asked, fits, means) or out_of_reach(asked, fits, routes, further)
        wrong = wrong or problem is not None
        if problem:
            yield problem
    if not wrong:
        yield from _apart(runs, cables, fits)
        yield from _mixed(runs, cables, fits)


def _of_kind(asked: Asked, fits: Fits, means: Means | None) -> Problem | None:
    """Return what is wrong whatever the length."""
    run = asked.run
    if not asked.cable:
        return _none(run)
    for tally in asked.tallies:
        if tally.fit.misfit:
            return _plugs(tally.longest, asked, tally.fit.misfit, fits, means)
    cable = fits.catalogue.cables[asked.cable]
    for tally in asked.tallies:
        if wanted := _other_protocol(tally.longest, cable, fits):
            return _speaks(tally.longest, asked.cable, cable.protocols, wanted)
    infiniband = "infiniband" in cable.protocols
    if cable.speed_gbps == XDR_GBPS and infiniband and cable.medium not in XDR_MEDIA:
        return _xdr(run, asked.cable, cable.medium)
    return None


def _none(run: Run) -> Problem:
    return Problem(
        path=run.joint.path,
        value=shown(run.joint.cable),
        rule=f"the catalogue has no cable of {run.joint.speed_gbps} Gb/s for "
        f"{run.a.socket.model} and {run.b.socket.model}: add one to the site's own catalogue, or "
        "name a cable",
    )


def _plugs(run: Run, asked: Asked, socket: Socket, fits: Fits, means: Means | None) -> Problem:
    cable, remedy, words = asked.cable, _auto(run), f"choose another cable{_or_auto(run)}"
    if not remedy:
        way = (means.other_server(run, fits) if means else None) or split_finer(asked, fits)
        words, remedy = way or (_another(run), ())
    fault = f"neither a plug nor a transceiver of {cable} goes into the {socket.connector} cages"
    if run.joint.cable == AUTO:
        a, b, gbps = run.a.socket, run.b.socket, run.joint.speed_gbps
        fault = f"no cable of {gbps} Gb/s joins {a.model} and {b.model}: {fault}"
    return Problem(
        path=run.joint.path,
        value=cable,
        rule=f"{fault} of {socket.model}: {words}",
        remedy=remedy,
    )


def _another(run: Run) -> str:
    """Say what else there is where nothing that is known goes into both cages."""
    if run.joint.cable == AUTO:
        return (
            "choose another device, or add a cable to the site's own catalogue, as no single "
            "change helps"
        )
    return "choose another cable or device, as no single change helps"


def _other_protocol(run: Run, cable: Cable, fits: Fits) -> str:
    """Name a switch whose ports speak what the cable does not; those for management do not."""
    for socket in (run.b.socket, run.a.socket):
        switch = fits.catalogue.switches.get(socket.model) if socket.side == "switch" else None
        if switch and switch.fabric_kind not in cable.protocols:
            return f"a {socket.model} {switch.fabric_kind}"
    return ""


def _speaks(run: Run, cable: str, spoken: Sequence[str], wanted: str) -> Problem:
    return Problem(
        path=run.joint.path,
        value=cable,
        rule=f"{cable} carries {' and '.join(spoken)}, but {wanted}: choose a cable that carries "
        f"that{_or_auto(run)}",
        remedy=_auto(run),
    )


def _xdr(run: Run, cable: str, medium: str) -> Problem:
    return Problem(
        path=run.joint.path,
        value=cable,
        rule=f"{cable} is {_in_words(medium)}, but XDR runs over single-mode fibre or active "
        f"copper only: choose one of those{_or_auto(run)}",
        remedy=_auto(run),
    )


def _auto(run: Run) -> tuple[tuple[DefinitionPath, str], ...]:
    """Return the edit that leaves the choice to the design, where it is not left to it yet."""
    joint = run.joint
    return ((joint.path, AUTO),) if joint.speed_gbps and joint.cable != AUTO else ()


def _or_auto(run: Run) -> str:
    return f", or write {AUTO}" if _auto(run) else ""


def _in_words(medium: str) -> str:
    kind, _, how = medium.partition("-")
    return f"{how} {kind}" if kind in ("copper", "optical") else f"{kind} {how}"


def _apart(runs: Sequence[Run], cables: Sequence[str], fits: Fits) -> Iterator[Problem]:
    """Yield cables of several links whose plugs do not find them together."""
    for name in dict.fromkeys(cables):
        cable = fits.catalogue.cables[name]
        if cable.links == 1:
            continue
        of_it = [run for run, one in zip(runs, cables, strict=True) if one == name]
        if run := beyond(cable, of_it):
            yield _split_further(run, name, cable.links)
        elif name_pieces(cable, of_it) is None:
            run = of_it[0]
            yield Problem(
                path=run.joint.path,
                value=shown(run.joint.cable),
                rule=f"one {name} carries {cable.links} links from cage to cage, but the "
                f"{run.joint.tier} links of a cage part: choose a cable of "
                f"one link{_or_auto(run)}",
                remedy=_auto(run),
            )


def _split_further(run: Run, name: str, links: int) -> Problem:
    end = run.b if run.b.port >= links else run.a
    path: DefinitionPath = (*run.joint.path[:-1], "breakout")
    written = ".".join(map(str, path))
    split = run.joint.path[-1] == "cable" and path[0] == "fabrics"
    return Problem(
        path=run.joint.path,
        value=shown(run.joint.cable),
        rule=f"{name} serves {links} ports of a cage, but cage {end.cage} of {end.socket.model} is "
        f"split into more: "
        + (f"write {written}: {links}" if split else f"choose another cable{_or_auto(run)}"),
        remedy=((path, str(links)),) if split else _auto(run),
    )


def _mixed(runs: Sequence[Run], cables: Sequence[str], fits: Fits) -> Iterator[Problem]:
    """Yield, once for each two kinds, cages in which a plug or transceiver cannot serve both."""
    known = fits.catalogue.cables
    kinds = {name: known[name].medium if known[name].transceivers else name for name in set(cables)}
    if len(set(kinds.values())) < 2:
        return
    said: set[frozenset[str]] = set()
    mixed = mixed_cages(runs, [kinds[name] for name in cables])
    for (device, cage), first, second, run in mixed:
        pair = frozenset({first, second})
        if pair not in said:
            said.add(pair)
            yield Problem(
                path=run.joint.path,
                value=shown(run.joint.cable),
                rule=f"cage {cage} of {device} would hold {first} and {second}, but it takes one "
                "plug or transceiver: use one cable for all links of that cage",
            )
