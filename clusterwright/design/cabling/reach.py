"""Cables that do not reach, and what would."""

from collections.abc import Callable, Iterable

from clusterwright.catalogue.entry import Cable
from clusterwright.design.cabling.choose import candidates
from clusterwright.design.cabling.fit import Fits
from clusterwright.design.cabling.means import Way
from clusterwright.design.cabling.route import Routes
from clusterwright.design.cabling.run import Run
from clusterwright.design.cabling.tally import Asked
from clusterwright.errors import Problem
from clusterwright.model.cabling import AUTO, CableChoice


def out_of_reach(
    asked: Asked, fits: Fits, routes: Routes, further: Callable[[Run], Iterable[Way]]
) -> Problem | None:
    """Say which cables are too long, all in one sentence that names the longest."""
    if not asked.too_long:
        return None
    run = asked.run
    fit = fits.of(asked.cable, run.a.socket, run.b.socket, run.joint.speed_gbps)
    more = f", the longest of {asked.too_long} that are too long" if asked.too_long > 1 else ""
    other = _other(asked, fits)
    joint = run.joint
    way: Way = ("", ())
    if other:
        way = f"write {other[0]}, which reaches {other[1]:g} m", ((joint.path, other[0]),)
    elif joint.speed_gbps and joint.cable != AUTO and _each_has_its_own(asked, fits):
        way = f"write {AUTO}", ((joint.path, AUTO),)
    else:
        way = next(iter(further(run)), way)
    helps = [way[0], _nearer(run, fit.reach_m, routes)]
    ends = [f"{device} in rack {routes.rack_of(device)}" for device in _devices(run)]
    even, reaches = ("", "reaches") if joint.cable == asked.cable else ("even ", "reaches only")
    words = ", or ".join(filter(None, helps)) or "no cable of the catalogue reaches so far"
    words += "" if way[1] else ", as no single change helps"
    return Problem(
        path=joint.path,
        value=shown(joint.cable),
        rule=f"{even}{asked.cable} {reaches} {fit.reach_m:g} m, but it is {run.wanted_m:.1f} m "
        f"from {' to '.join(ends)}{more}: {words}",
        remedy=way[1],
    )


def _devices(run: Run) -> tuple[str, str]:
    return run.joint.a.device, run.joint.b.device


def shown(choice: CableChoice) -> str:
    """Show a choice as it is written."""
    return choice if isinstance(choice, str) else f"[{', '.join(choice)}]"


def _other(asked: Asked, fits: Fits) -> tuple[str, float] | None:
    """Return the nearest-reaching cable that serves all of these runs, and how far it reaches."""
    longest = [tally.longest for tally in asked.tallies]
    speed_gbps = longest[0].joint.speed_gbps or fits.catalogue.cables[asked.cable].speed_gbps
    reaches: dict[str, float] = {}
    for name, cable in fits.catalogue.cables.items():
        if cable.links == 1 and cable.speed_gbps == speed_gbps and _alike(cable, asked, fits):
            of_runs = [
                (r, fits.of(name, r.a.socket, r.b.socket, r.joint.speed_gbps)) for r in longest
            ]
            if all(not f.misfit and r.wanted_m <= f.reach_m for r, f in of_runs):
                reaches[name] = min(fit.reach_m for _, fit in of_runs)
    return min(((name, reach) for name, reach in reaches.items()), key=_by_reach, default=None)


def _each_has_its_own(asked: Asked, fits: Fits) -> bool:
    """Whether some cable reaches in each of these runs, if not one in all."""
    return all(
        any(
            not fit.misfit and run.wanted_m <= fit.reach_m
            for name in candidates(AUTO, run, fits.catalogue)
            for fit in [fits.of(name, run.a.socket, run.b.socket, run.joint.speed_gbps)]
        )
        for run in (tally.longest for tally in asked.tallies)
    )


def _by_reach(one: tuple[str, float]) -> tuple[float, str]:
    return one[1], one[0]


def _alike(cable: Cable, asked: Asked, fits: Fits) -> bool:
    """Whether it speaks what the cable asked for speaks."""
    return set(fits.catalogue.cables[asked.cable].protocols) <= set(cable.protocols)


def _nearer(run: Run, reach_m: float, routes: Routes) -> str:
    """Say from how far away it would reach, where any rack is near enough."""
    ends_m = routes.up_m(run.joint.a.device) + routes.up_m(run.joint.b.device)
    there = routes.rack_of(run.joint.b.device)
    ways_m = {
        rack: routes.between_m(rack, there)
        for rack in routes.racks
        if rack != there and routes.between_m(rack, there) + ends_m <= reach_m
    }
    if not ways_m:
        return ""
    farthest = max(ways_m, key=lambda rack: ways_m[rack])
    return f"stand nearer: rack {farthest} is the farthest from which it reaches rack {there}"
