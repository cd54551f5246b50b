"""Places chosen by hand: they must exist, and no two devices may share one."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from clusterwright.design.space.elevation import Elevation, Misfit
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite

AT: DefinitionPath = ("facility", "mounts")


def find_pin_problems(
    loaded: LoadedSite, elevation: Elevation, full: Collection[str]
) -> Iterator[Problem]:
    """Yield pins of nothing, pins that clash, and what finds no place between pins."""
    pins = loaded.site.facility.mounts
    lost = {misfit.device.name for misfit in elevation.misfits}
    for name in pins:
        if name not in elevation.mounts and name not in lost:
            near = get_close_matches(name, list(elevation.mounts), n=1)
            guess = f": did you mean {near[0]}?" if near else ": leave it out"
            yield Problem(path=(*AT, name), value=name, rule=f"no rack has a device {name}{guess}")
    for misfit in elevation.misfits:
        name = misfit.device.name
        if name in pins:
            yield _clash(misfit, pins[name].at)
        elif misfit.device.rack not in full:
            yield _no_room(misfit)


def _clash(misfit: Misfit, at: int) -> Problem:
    one = misfit.device
    last = at + one.height_units - 1
    units = f"rack units {at} to {last}" if last > at else f"rack unit {at}"
    why = f"there is {misfit.other.name}" if misfit.other else "the rack ends below"
    free, path = misfit.free_unit, (*AT, one.name, "at")
    return Problem(
        path=path,
        value=str(at),
        rule=f"{one.name} is to have {units} of rack {one.rack}, but {why}: "
        + (f"from {free} on there is room" if free else "choose other units for what is there"),
        remedy=((path, str(free)),) if free else (),
    )


def _no_room(misfit: Misfit) -> Problem:
    one = misfit.device
    return Problem(
        path=AT,
        value=one.name,
        rule=f"{one.name} needs {one.height_units} rack units of rack {one.rack} next to each "
        "other, but between the devices pinned there are fewer: pin them closer together",
    )
