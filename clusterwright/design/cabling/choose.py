"""Which cable joins two ports where the definition leaves it open."""

from collections.abc import Iterable, Iterator, Sequence

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import Cable
from clusterwright.design.cabling.fit import Fits
from clusterwright.design.cabling.piece import name_pieces
from clusterwright.design.cabling.run import Run
from clusterwright.model.cabling import AUTO, CableChoice, names_in

MEDIA = (
    "twisted-pair",
    "copper-passive",
    "copper-active",
    "multimode-fibre",
    "optical-active",
    "singlemode-fibre",
)
"""Cheapest first."""


def choose_cables(runs: Sequence[Run], fits: Fits) -> list[str]:
    """Return the cable of each run; an empty name where the catalogue has none of its speed.

    Runs that share a cage have one cable, because its transceiver or plug serves them all. Where
    none reaches, the farthest-reaching is returned, for the reach check to complain of. Runs to
    come are among them, so that what stands has the cable that will do for all.
    """
    cables = [run.joint.cable if isinstance(run.joint.cable, str) else AUTO for run in runs]
    open_ones: dict[CableChoice, list[int]] = {}
    for i, cable in enumerate(cables):
        if cable == AUTO:
            open_ones.setdefault(runs[i].joint.cable, []).append(i)
    for choice, indices in open_ones.items():
        for together in _sharing_cages(runs, indices):
            name = _first_that_fits(choice, [runs[i] for i in together], fits)
            for i in together:
                cables[i] = name
    return cables


def candidates(choice: CableChoice, run: Run, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the cables that a choice allows: as written, or for `auto` the cheapest first."""
    if choice != AUTO:
        return names_in(choice)
    switch = catalogue.switches.get(run.b.socket.model)
    kind = switch.fabric_kind if switch else None
    known = {
        name: cable
        for name, cable in catalogue.cables.items()
        if cable.speed_gbps == run.joint.speed_gbps and (kind is None or kind in cable.protocols)
    }
    return tuple(sorted(known, key=lambda name: (*_rank(known[name]), name)))


def _rank(cable: Cable) -> tuple[int, int, float]:
    return MEDIA.index(cable.medium), cable.links, max(cable.lengths_m)


def _first_that_fits(choice: CableChoice, runs: Sequence[Run], fits: Fits) -> str:
    names = candidates(choice, runs[0], fits.catalogue)
    # Of a cage that nobody knows, a transceiver may still be found; a plug would be a guess.
    for guess in (False, True):
        for name in names:
            if fits_all(name, runs, fits, guess=guess):
                return name
    # Else the one that goes into most cages: what is left over is the odd one.
    joining = [name for name in names if _joins(name, runs, fits)] or names
    return max(
        joining,
        key=lambda name: (-_misfits(name, runs, fits), _reach_m(name, runs, fits)),
        default="",
    )


def fits_all(name: str, runs: Sequence[Run], fits: Fits, *, guess: bool = True) -> bool:
    """Whether a cable goes into all cages, reaches in all runs, and its plugs come together."""
    cable = fits.catalogue.cables[name]
    for run in runs:
        fit = fits.of(name, run.a.socket, run.b.socket, run.joint.speed_gbps)
        if fit.misfit or run.needed_m > fit.reach_m:
            return False
        if fit.unknown and not guess and not cable.transceivers:
            return False
    return name_pieces(cable, runs) is not None


def _joins(name: str, runs: Sequence[Run], fits: Fits) -> bool:
    of_runs = (fits.of(name, r.a.socket, r.b.socket, r.joint.speed_gbps) for r in runs)
    return not any(fit.misfit for fit in of_runs) and bool(
        name_pieces(fits.catalogue.cables[name], runs)
    )


def _misfits(name: str, runs: Sequence[Run], fits: Fits) -> int:
    of_runs = (fits.of(name, r.a.socket, r.b.socket, r.joint.speed_gbps) for r in runs)
    return sum(fit.misfit is not None for fit in of_runs)


def _reach_m(name: str, runs: Sequence[Run], fits: Fits) -> float:
    return min(fits.of(name, r.a.socket, r.b.socket, r.joint.speed_gbps).reach_m for r in runs)


def _sharing_cages(runs: Sequence[Run], indices: Iterable[int]) -> Iterator[list[int]]:
    """Yield runs that share cages, directly or through others, in order of the first of them."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(cage: tuple[str, str]) -> tuple[str, str]:
        while (above := parent.setdefault(cage, cage)) != cage:
            parent[cage] = cage = parent[above]
        return cage

    for i in indices:
        joint = runs[i].joint
        parent[root((joint.a.device, runs[i].a.cage))] = root((joint.b.device, runs[i].b.cage))
    groups: dict[tuple[str, str], list[int]] = {}
    for i in indices:
        groups.setdefault(root((runs[i].joint.a.device, runs[i].a.cage)), []).append(i)
    yield from groups.values()
