"""What keeps the compute fabric from being built as asked."""

from collections.abc import Iterator

from clusterwright.design.fabric.ask import AT, FabricAsk
from clusterwright.design.fabric.link_problems import find_link_problems
from clusterwright.design.fabric.size import FabricSize, most_units
from clusterwright.design.fabric.switches import list_places
from clusterwright.design.fabric.unit import lay_out
from clusterwright.design.fabric.unit_problems import find_unit_problems
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


def find_problems(loaded: LoadedSite, ask: FabricAsk, size: FabricSize | None) -> Iterator[Problem]:
    """Yield everything that keeps the fabric from being built: something, where it has no size."""
    yield from find_unit_problems(loaded, ask)
    yield from find_link_problems(loaded, ask)
    if 0 < ask.build_for_units < len(ask.units):
        yield _more_units_than_built_for(loaded)
    if size:
        yield from _names(loaded, ask, size)
    else:
        yield _group_too_large(loaded, ask) or _too_many_units(loaded, ask)


def _more_units_than_built_for(loaded: LoadedSite) -> Problem:
    path = (*AT, "build_for_units")
    units = len(loaded.site.compute)
    return Problem(
        path=path,
        value=str(loaded.site.fabrics.compute.build_for_units),
        rule=f"the fabric is built for {loaded.site.fabrics.compute.build_for_units} scalable "
        f"units, but there are {units}: build for at least {units}",
        remedy=((path, str(units)),),
    )


def _too_many_units(loaded: LoadedSite, ask: FabricAsk) -> Problem:
    switch, widest = (
        loaded.site.fabrics.compute.switch,
        max(lay_out(ask, unit).leaves for unit in ask.units),
    )
    leaves = max(sum(lay_out(ask, unit).leaves for unit in ask.units), ask.build_for_units * widest)
    most, third = most_units(ask, tiers=2), most_units(ask, tiers=3)
    if ask.tiers == 2:
        helps = ask.built_units <= third
        return Problem(
            path=(*AT, "tiers"),
            value="2",
            rule=f"{ask.built_units} scalable units need {leaves} leaves, but a spine {switch} "
            f"reaches only {ask.ports}: use at most {most} units"
            + (", or a third tier" if helps else f" ({third} with a third tier)"),
            remedy=(((*AT, "tiers"), "3"),) if helps else _fewer_units(ask, most),
        )
    return Problem(
        path=(*AT, "switch"),
        value=switch,
        rule=f"{ask.built_units} scalable units need {leaves} leaves, but three tiers of {switch} "
        f"with {ask.ports} ports join at most {third} such units: use fewer units, or a switch "
        "with more ports",
        remedy=_fewer_units(ask, third),
    )


def _fewer_units(ask: FabricAsk, most: int) -> tuple[tuple[DefinitionPath, str], ...]:
    """Return a change that helps where the units that are there would fit."""
    if ask.build_for_units > most >= len(ask.units):
        return (((*AT, "build_for_units"), str(most)),)
    return ()


def _group_too_large(loaded: LoadedSite, ask: FabricAsk) -> Problem | None:
    room, grouping = ask.ports // 2, ask.grouping
    if grouping is None or grouping.units * grouping.leaves <= room:
        return None
    fit = room // grouping.leaves
    path = (*AT, "groups", "units" if fit else "leaves")
    return Problem(
        path=path,
        value=str(grouping.units if fit else grouping.leaves),
        rule=f"{grouping.leaves} leaves of each of {grouping.units} units share spines, but a "
        f"spine {loaded.site.fabrics.compute.switch} of three tiers has {room} ports for leaves: "
        + (f"at most {fit} units to a group" if fit else f"at most {room} leaves"),
        remedy=((path, str(fit or room)),),
    )


def _names(loaded: LoadedSite, ask: FabricAsk, size: FabricSize) -> Iterator[Problem]:
    switches = {place.name for place in list_places(ask, size) if place}
    named: list[tuple[DefinitionPath, str]] = [
        *((("management", i, "name"), host.name) for i, host in enumerate(loaded.site.management)),
        *(
            (("facility", "cooling", "loops", i, "cdu", "name"), loop.cdu.name)
            for i, loop in enumerate(loaded.site.facility.cooling.loops)
        ),
    ]
    for path, name in named:
        if name in switches:
            yield Problem(
                path=path,
                value=name,
                rule=f"{name} is the name of a switch of the compute fabric, but a name means one "
                "thing: give this one another",
            )
