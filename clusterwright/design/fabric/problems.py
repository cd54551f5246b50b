"""What keeps a Clos fabric from being built as asked."""

from collections.abc import Iterator

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.link_problems import find_link_problems
from clusterwright.design.fabric.node_speeds import find_speed_problems
from clusterwright.design.fabric.pool import lay_out_pool
from clusterwright.design.fabric.pool_problems import find_pool_problems
from clusterwright.design.fabric.size import most_units
from clusterwright.design.fabric.spine_problems import (
    find_spine_problems,
    larger_switch,
    too_many_spines,
)
from clusterwright.design.fabric.unit import lay_out
from clusterwright.design.fabric.unit_problems import find_unit_problems
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


def find_problems(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield everything that keeps the fabric from being built: something, where it has no size."""
    found = [
        *find_unit_problems(loaded, clos),
        *(list(find_speed_problems(loaded, clos)) or find_link_problems(loaded, clos)),
        *find_spine_problems(loaded, clos),
        *find_pool_problems(loaded, clos),
    ]
    yield from found
    if 0 < clos.ask.build_for_units < len(clos.ask.units):
        yield _more_units_than_built_for(clos)
    if clos.size is None and not any(one.path[:3] == (*clos.at, "appliances") for one in found):
        yield _group_too_large(clos) or too_many_spines(clos) or _too_many_units(loaded, clos)


def _more_units_than_built_for(clos: Clos) -> Problem:
    path, units = (*clos.at, "build_for_units"), len(clos.ask.units)
    return Problem(
        path=path,
        value=str(clos.ask.build_for_units),
        rule=f"the fabric is built for {clos.ask.build_for_units} scalable "
        f"units, but there are {units}: build for at least {units}",
        remedy=((path, str(units)),),
    )


def _too_many_units(loaded: LoadedSite, clos: Clos) -> Problem:
    ask, switch = clos.ask, clos.spine_switch
    widest = max(lay_out(ask, unit).leaves for unit in ask.units)
    leaves = max(sum(lay_out(ask, unit).leaves for unit in ask.units), ask.build_for_units * widest)
    most, third = most_units(ask, tiers=2), most_units(ask, tiers=3)
    if ask.tiers == 1:
        return Problem(
            path=(*clos.at, "tiers"),
            value="1",
            rule=f"nodes and storage need {leaves + _pool_leaves(ask)} leaves, but without a spine "
            "at most 2 can be joined: write tiers: auto",
            remedy=(((*clos.at, "tiers"), "auto"),),
        )
    if ask.tiers == 2:
        helps = ask.built_units <= third
        return Problem(
            path=(*clos.at, "tiers"),
            value="2",
            rule=f"{ask.built_units} scalable units need {leaves} leaves, but a spine {switch} "
            f"reaches only {ask.spine.ports}: use at most {most} units"
            + (", or a third tier" if helps else f" ({third} with a third tier)"),
            remedy=(((*clos.at, "tiers"), "3"), *_fewer_units(clos, third))
            if len(ask.units) <= third
            else (),
        )
    remedy = _fewer_units(clos, third)
    key = "spine_switch" if clos.defined.spine_switch else "switch"
    larger = None if remedy else larger_switch(loaded, clos)
    if larger:
        remedy = (((*clos.at, key), larger),)
    return Problem(
        path=(*clos.at, key),
        value=switch,
        rule=f"{ask.built_units} scalable units need {leaves} leaves, but three tiers of {switch} "
        f"with {ask.spine.ports} ports join at most {third} such units: use fewer units, or a "
        "switch with more ports"
        + (f", such as {larger}" if larger else "" if remedy else ", as no single change helps"),
        remedy=remedy,
    )


def _pool_leaves(ask: FabricAsk) -> int:
    return lay_out_pool(ask, ask.pool).leaves if ask.pool else 0


def _fewer_units(clos: Clos, most: int) -> tuple[tuple[DefinitionPath, str], ...]:
    """Return a change that helps where the units that are there would fit."""
    if clos.ask.build_for_units > most >= len(clos.ask.units):
        return (((*clos.at, "build_for_units"), str(most)),)
    return ()


def _group_too_large(clos: Clos) -> Problem | None:
    room, grouping = clos.ask.spine.room, clos.ask.grouping
    if grouping is None or grouping.units * grouping.leaves <= room:
        return None
    fit = room // grouping.leaves
    path = (*clos.at, "groups", "units" if fit else "leaves")
    return Problem(
        path=path,
        value=str(grouping.units if fit else grouping.leaves),
        rule=f"{grouping.leaves} leaves of each of {grouping.units} units share spines, but a "
        f"spine {clos.spine_switch} of three tiers has {room} ports for leaves: "
        + (f"at most {fit} units to a group" if fit else f"at most {room} leaves"),
        remedy=((path, str(fit or room)),),
    )
