"""What keeps a Clos fabric from being built as asked."""

from collections.abc import Iterator
from dataclasses import replace

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.link_problems import find_link_problems
from clusterwright.design.fabric.pool import lay_out_pool
from clusterwright.design.fabric.pool_problems import find_pool_problems
from clusterwright.design.fabric.size import most_units, size_fabric
from clusterwright.design.fabric.unit import lay_out
from clusterwright.design.fabric.unit_problems import find_unit_problems
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


def find_problems(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield everything that keeps the fabric from being built: something, where it has no size."""
    found = [
        *find_unit_problems(loaded, clos),
        *find_link_problems(loaded, clos),
        *find_pool_problems(loaded, clos),
    ]
    yield from found
    if 0 < clos.ask.build_for_units < len(clos.ask.units):
        yield _more_units_than_built_for(clos)
    if clos.size is None and not any(one.path[:3] == (*clos.at, "appliances") for one in found):
        yield _group_too_large(clos) or _too_many_units(loaded, clos)


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
    ask, switch = clos.ask, clos.defined.switch
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
            f"reaches only {ask.ports}: use at most {most} units"
            + (", or a third tier" if helps else f" ({third} with a third tier)"),
            remedy=(((*clos.at, "tiers"), "3"), *_fewer_units(clos, third))
            if len(ask.units) <= third
            else (),
        )
    remedy = _fewer_units(clos, third)
    larger = None if remedy else _larger_switch(loaded, clos)
    if larger:
        remedy = (((*clos.at, "switch"), larger),)
    return Problem(
        path=(*clos.at, "switch"),
        value=switch,
        rule=f"{ask.built_units} scalable units need {leaves} leaves, but three tiers of {switch} "
        f"with {ask.ports} ports join at most {third} such units: use fewer units, or a switch "
        "with more ports"
        + (f", such as {larger}" if larger else "" if remedy else ", as no single change helps"),
        remedy=remedy,
    )


def _larger_switch(loaded: LoadedSite, clos: Clos) -> str | None:
    """Return the smallest switch of its kind and speed with which the fabric has a size."""
    above, own = clos.breakout_above, loaded.catalogue.switches[clos.defined.switch]
    alike = {
        name: one
        for name, one in loaded.catalogue.switches.items()
        if (one.fabric_kind, one.speed_gbps) == (own.fabric_kind, own.speed_gbps)
        and one.ports > own.ports
    }
    for name in sorted(alike, key=lambda name: (alike[name].ports, name)):
        one = alike[name]
        cage_ports = one.ports_per_cage * above
        if size_fabric(replace(clos.ask, ports=one.ports * above, cage_ports=cage_ports)):
            return name
    return None


def _pool_leaves(ask: FabricAsk) -> int:
    return lay_out_pool(ask, ask.pool).leaves if ask.pool else 0


def _fewer_units(clos: Clos, most: int) -> tuple[tuple[DefinitionPath, str], ...]:
    """Return a change that helps where the units that are there would fit."""
    if clos.ask.build_for_units > most >= len(clos.ask.units):
        return (((*clos.at, "build_for_units"), str(most)),)
    return ()


def _group_too_large(clos: Clos) -> Problem | None:
    room, grouping = clos.ask.ports // 2, clos.ask.grouping
    if grouping is None or grouping.units * grouping.leaves <= room:
        return None
    fit = room // grouping.leaves
    path = (*clos.at, "groups", "units" if fit else "leaves")
    return Problem(
        path=path,
        value=str(grouping.units if fit else grouping.leaves),
        rule=f"{grouping.leaves} leaves of each of {grouping.units} units share spines, but a "
        f"spine {clos.defined.switch} of three tiers has {room} ports for leaves: "
        + (f"at most {fit} units to a group" if fit else f"at most {room} leaves"),
        remedy=((path, str(fit or room)),),
    )
