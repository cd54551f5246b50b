"""What keeps a scalable unit from having the leaves that are asked for."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from clusterwright.design.fabric.ask import FabricAsk, GuestAsk
from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.guests import unit_of
from clusterwright.design.fabric.unit import UnitLayout, lay_out
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.facility import Group, ScalableUnit


def find_unit_problems(loaded: LoadedSite, clos: Clos) -> Iterator[Problem]:
    """Yield every unit whose nodes and guests its leaves cannot hold."""
    ask = clos.ask
    for i, unit in enumerate(loaded.site.compute):
        layout = lay_out(ask, ask.units[i])
        count = sum(group.count for group in unit.groups)
        fault = _leaf_too_small(clos, unit, i, layout)
        if fault:
            yield fault
        if count > unit.build_for:
            if clos.name != "compute":
                continue
            path = ("compute", i, "build_for")
            yield Problem(
                path=path,
                value=str(unit.build_for),
                rule=f"the unit is built for {unit.build_for} nodes, but its groups ask for "
                f"{count}: build for at least {count}",
                remedy=((path, str(count)),),
            )
        # A place beyond what the unit is built for is said once, where groups are counted.
        elif min(_highest_place(unit), ask.units[i].build_for) > layout.room and not fault:
            yield _no_room(loaded, clos, i, layout)


def _highest_place(unit: ScalableUnit) -> int:
    """Return the index of the last node that is there."""
    places = chain.from_iterable(unit.indices)
    return max((n for n in places if f"{unit.name}-n{n}" not in unit.holes), default=0)


def _leaf_too_small(clos: Clos, unit: ScalableUnit, i: int, layout: UnitLayout) -> Problem | None:
    ask, switch, build_for = clos.ask, clos.defined.switch, clos.ask.units[i].build_for
    most, each = ask.most_downlinks, layout.ports_per_node
    fit = most // each
    path: DefinitionPath = ("compute", i, "build_for")
    if not layout.aligned and build_for > fit > 0:
        of_each = f", {each} to a node" if each > 1 else ""
        return Problem(
            path=path,
            value=str(build_for),
            rule=f"{build_for} nodes share a set of leaves, but a {switch} has {most} ports for "
            f"nodes{of_each}: at most {fit} to a unit",
            remedy=((path, str(fit)), *_fewer_nodes(unit, i, fit)),
        )
    if fit > 0:
        return None
    key = "shape" if layout.aligned else "rails_per_leaf"
    better = "rail-optimised" if layout.aligned else str(most)
    return Problem(
        path=(*clos.at, key),
        value=ask.shape if layout.aligned else str(ask.rails_per_leaf),
        rule=f"{each} ports of a node on one leaf, but a {switch} has {most} ports for nodes: "
        f"write {key}: {better}",
        remedy=(((*clos.at, key), better),),
    )


def _fewer_nodes(unit: ScalableUnit, i: int, fit: int) -> Iterator[tuple[DefinitionPath, str]]:
    """Yield the edits after which the unit's groups have `fit` places, the last ones gone first."""
    excess = sum(group.places for group in unit.groups) - fit
    for j, group in reversed(list(enumerate(unit.groups))):
        left = max(1, group.places - max(0, excess))
        excess -= group.places - left
        path: DefinitionPath = ("compute", i, "groups", j)
        if group.build_for is not None and left < group.build_for:
            yield (*path, "build_for"), str(left)
        if left < group.count:
            yield (*path, "count"), str(left)


def _no_room(loaded: LoadedSite, clos: Clos, i: int, layout: UnitLayout) -> Problem:
    """Say who takes the ports of nodes: those kept for later, or those attached already."""
    ask, unit = clos.ask, loaded.site.compute[i]
    count = sum(group.count for group in unit.groups)
    needed = layout.ports_per_node * (1 if layout.aligned else count)
    spare = ask.most_downlinks - needed
    if spare < ask.reserved_leaf_ports:
        path: DefinitionPath = (*clos.at, "reserved_leaf_ports")
        return Problem(
            path=path,
            value=str(ask.reserved_leaf_ports),
            rule=f"{ask.reserved_leaf_ports} of the {ask.most_downlinks} ports that a leaf has for "
            f"nodes are reserved, but {unit.name} needs {needed}: reserve at most {spare}",
            remedy=((path, str(spare)),),
        )
    if not clos.defined.attached and clos.ask.guest_ports(i):
        return _appliances_in_the_way(clos, i, spare * layout.leaves)
    last = len(unit.groups) - 1
    left = unit.groups[last].count - (count - layout.room)
    if left <= 0 or _bought_whole(loaded, unit.groups[last]):
        return _too_many_attached(loaded, clos, i, spare * layout.leaves)
    guests = dict.fromkeys(one.host for one in clos.guests if one.unit == i)
    path = ("compute", i, "groups", last, "count")
    return Problem(
        path=path,
        value=str(unit.groups[last].count),
        rule=f"the unit's groups ask for {count} nodes, but {' and '.join(guests)} on "
        f"{layout.guest_downlinks} of the {ask.most_downlinks} ports that a leaf has for nodes "
        f"leave room for {layout.room}: at most {layout.room} in the unit",
        remedy=((path, str(left)),),
    )


def _bought_whole(loaded: LoadedSite, group: Group) -> bool:
    """Whether the group's nodes come with their racks, so that none of them can be left out."""
    whole = {name for racks in loaded.site.facility.racks if racks.system for name in racks.names}
    return not whole.isdisjoint(group.racks)


def _too_many_attached(loaded: LoadedSite, clos: Clos, i: int, room: int) -> Problem:
    ask, unit, attached = clos.ask, loaded.site.compute[i], clos.defined.attached
    last = max((n for n, one in enumerate(attached) if unit_of(loaded, one) == i), default=None)
    if last is None:
        return _appliances_in_the_way(clos, i, room)
    left = attached[last].ports - (ask.guest_ports(i) - room)
    path: DefinitionPath = (*clos.at, "attached", last)
    advice = "attach it to another unit, as no single change helps"
    remedy: tuple[tuple[DefinitionPath, str], ...] = ()
    if left > 0:
        path = (*path, "ports")
        advice, remedy = f"at most {left} here", ((path, str(left)),)
    elif other := _unit_with_room(loaded, clos, i, attached[last].ports):
        advice = f"attach it to another unit, write unit: {other}"
        remedy = (((*path, "unit"), other),)
    elif rails := _rails_with_room(ask, i, _highest_place(unit)):
        advice = f"write rails_per_leaf: {rails}, or attach it to another unit"
        remedy = (((*clos.at, "rails_per_leaf"), str(rails)),)
    elif fewer := _fewer_ports(loaded, clos, i, ask.guest_ports(i) - room):
        counts = ", ".join(f"{ports} of {attached[n].host}" for n, ports in fewer.items())
        advice = f"at most {counts}"
        remedy = tuple(((*path[:-1], n, "ports"), str(ports)) for n, ports in fewer.items())
    return Problem(
        path=path,
        value=str(attached[last].ports),
        rule=f"{ask.guest_ports(i)} ports are attached to the leaves of {unit.name}, but "
        f"beside its nodes there is room for {room}: {advice}",
        remedy=remedy,
    )


def _fewer_ports(loaded: LoadedSite, clos: Clos, i: int, excess: int) -> dict[int, int]:
    """Return how many ports each host may keep, most taken from those with most; none if too few.

    Hosts are counted as the definition lists them.
    """
    here = {
        n: one.ports for n, one in enumerate(clos.defined.attached) if unit_of(loaded, one) == i
    }
    left: dict[int, int] = {}
    for n in sorted(here, key=lambda n: -here[n]):
        gone = min(here[n] - 1, excess)
        if gone > 0:
            left[n], excess = here[n] - gone, excess - gone
    return left if excess <= 0 else {}


def _appliances_in_the_way(clos: Clos, i: int, room: int) -> Problem:
    path = (*clos.at, "appliances", "leaves")
    return Problem(
        path=path,
        value="0",
        rule=f"storage takes {clos.ask.guest_ports(i)} ports of the leaves of "
        f"{clos.ask.units[i].name}, but beside its nodes there is room for {room}: give it leaves "
        "of its own, write leaves: 2",
        remedy=((path, "2"),),
    )


def _unit_with_room(loaded: LoadedSite, clos: Clos, i: int, ports: int) -> str | None:
    """Return the first other unit whose leaves have so many ports beside its nodes."""
    for ordinal, unit in enumerate(loaded.site.compute):
        asked = clos.ask.units[ordinal]
        more = replace(asked, guests=asked.guests + (GuestAsk(),) * ports)
        if ordinal != i and lay_out(clos.ask, more).room >= _highest_place(unit):
            return unit.name
    return None


def _rails_with_room(ask: FabricAsk, i: int, nodes: int) -> int | None:
    """Return the most rails to a leaf with which the unit's guests fit beside its nodes."""
    fewer = (replace(ask, rails_per_leaf=n) for n in range(ask.rails_per_leaf - 1, 0, -1))
    fit = (one.rails_per_leaf for one in fewer if lay_out(one, one.units[i]).room >= nodes)
    return next(fit, None)
