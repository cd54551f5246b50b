"""What keeps the compute fabric from being built as asked."""

from collections.abc import Iterator
from itertools import chain

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.compute import breakout_above, estimate_length_m
from clusterwright.design.fabric.guests import unit_of
from clusterwright.design.fabric.node_ports import plane_ports
from clusterwright.design.fabric.size import FabricSize, most_units
from clusterwright.design.fabric.unit import UnitLayout, lay_out
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.facility import ScalableUnit

AT: DefinitionPath = ("fabrics", "compute")
BREAKOUTS = (1, 2, 4, 8)


def find_problems(loaded: LoadedSite, ask: FabricAsk, size: FabricSize | None) -> Iterator[Problem]:
    """Yield everything that keeps the fabric from being built: something, where it has no size."""
    yield from chain(
        _units(loaded, ask),
        _kind(loaded),
        _breakouts(loaded),
        _speeds(loaded, ask),
        _reach(loaded),
    )
    if 0 < ask.build_for_units < len(ask.units):
        yield _more_units_than_built_for(loaded)
    if size is None:
        yield _group_too_large(loaded, ask) or _too_many_units(loaded, ask)


def _units(loaded: LoadedSite, ask: FabricAsk) -> Iterator[Problem]:
    for i, unit in enumerate(loaded.site.compute):
        layout = lay_out(ask, ask.units[i])
        count = sum(group.count for group in unit.groups)
        fault = _leaf_too_small(loaded, ask, i, layout)
        if fault:
            yield fault
        if count > unit.build_for:
            path = ("compute", i, "build_for")
            yield Problem(
                path=path,
                value=str(unit.build_for),
                rule=f"the unit is built for {unit.build_for} nodes, but its groups ask for "
                f"{count}: build for at least {count}",
                remedy=((path, str(count)),),
            )
        elif _highest_place(unit) > layout.room and not fault:
            yield _no_room(loaded, ask, i, layout)


def _highest_place(unit: ScalableUnit) -> int:
    """Return the index of the last node that is there."""
    places = range(1, sum(group.count for group in unit.groups) + 1)
    return max((n for n in places if f"{unit.name}-n{n}" not in unit.holes), default=0)


def _leaf_too_small(
    loaded: LoadedSite, ask: FabricAsk, i: int, layout: UnitLayout
) -> Problem | None:
    switch, build_for = loaded.site.fabrics.compute.switch, loaded.site.compute[i].build_for
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
            remedy=((path, str(fit)),),
        )
    if fit > 0:
        return None
    key = "shape" if layout.aligned else "rails_per_leaf"
    better = "rail-optimised" if layout.aligned else str(most)
    return Problem(
        path=(*AT, key),
        value=ask.shape if layout.aligned else str(ask.rails_per_leaf),
        rule=f"{each} ports of a node on one leaf, but a {switch} has {most} ports for nodes: "
        f"write {key}: {better}",
        remedy=(((*AT, key), better),),
    )


def _no_room(loaded: LoadedSite, ask: FabricAsk, i: int, layout: UnitLayout) -> Problem:
    """Say who takes the ports of nodes: those kept for later, or those attached already."""
    unit, attached = loaded.site.compute[i], loaded.site.fabrics.compute.attached
    count = sum(group.count for group in unit.groups)
    guests = [one.host for one in attached if unit_of(loaded, one) == i]
    on_a_leaf = -(-ask.units[i].guest_ports // layout.leaves)
    needed = layout.ports_per_node * (1 if layout.aligned else count)
    spare = ask.most_downlinks - needed
    if on_a_leaf <= spare < ask.reserved_leaf_ports:
        path: DefinitionPath = (*AT, "reserved_leaf_ports")
        return Problem(
            path=path,
            value=str(ask.reserved_leaf_ports),
            rule=f"{ask.reserved_leaf_ports} of the {ask.most_downlinks} ports that a leaf has for "
            f"nodes are reserved, but {unit.name} needs {needed}: reserve at most {spare}",
            remedy=((path, str(spare)),),
        )
    last = len(unit.groups) - 1
    left = unit.groups[last].count - (count - layout.room)
    path = ("compute", i, "groups", last, "count")
    return Problem(
        path=path,
        value=str(unit.groups[last].count),
        rule=f"the unit's groups ask for {count} nodes, but {' and '.join(dict.fromkeys(guests))} "
        f"on {on_a_leaf} of the {ask.most_downlinks} ports that a leaf has for nodes leave room "
        f"for {layout.room}: "
        + (f"at most {layout.room} in the unit" if layout.room else "attach fewer ports"),
        remedy=((path, str(left)),) if left > 0 else (),
    )


def _kind(loaded: LoadedSite) -> Iterator[Problem]:
    fabric = loaded.site.fabrics.compute
    kind = loaded.catalogue.switches[fabric.switch].fabric_kind
    if kind != fabric.kind:
        yield Problem(
            path=(*AT, "kind"),
            value=fabric.kind,
            rule=f"the fabric is {fabric.kind}, but a {fabric.switch} switches {kind}: write "
            f"kind: {kind}, or choose another switch",
            remedy=(((*AT, "kind"), kind),),
        )


def _cables(loaded: LoadedSite) -> Iterator[tuple[str, str, int, str]]:
    """Yield key and name of each cable, the breakout of its ports, and where that is."""
    fabric = loaded.site.fabrics.compute
    above = breakout_above(fabric)
    yield "cable", fabric.cable, fabric.breakout, ""
    if fabric.uplink_cable or above != fabric.breakout:
        yield "uplink_cable", fabric.uplink_cable or fabric.cable, above, " between switches"


def _speeds(loaded: LoadedSite, ask: FabricAsk) -> Iterator[Problem]:
    fabric = loaded.site.fabrics.compute
    port_gbps = loaded.catalogue.switches[fabric.switch].speed_gbps
    for key, name, breakout, where in _cables(loaded):
        cable = loaded.catalogue.cables[name]
        split = f" split by {breakout}" if breakout > 1 else ""
        if cable.speed_gbps * breakout != port_gbps:
            yield Problem(
                path=(*AT, key),
                value=name,
                rule=f"{name} carries {cable.speed_gbps} Gb/s, but ports of {fabric.switch}{split} "
                f"run at {port_gbps // breakout} Gb/s{where}: choose a cable of that speed",
            )
    for i, unit in enumerate(loaded.site.compute):
        for j, group in enumerate(unit.groups):
            ports = plane_ports(loaded.catalogue.servers[group.server], ask.planes)
            for speed in sorted({p.speed_gbps for p in ports} - {port_gbps // fabric.breakout}):
                path = ("compute", i, "groups", j, "server")
                yield _other_speed(path, group.server, speed, loaded)


def _known_breakouts(loaded: LoadedSite) -> tuple[int, ...]:
    """Return into how many links a port of the switch can be split: any, where nobody says."""
    switch = loaded.catalogue.switches[loaded.site.fabrics.compute.switch]
    return tuple(one.ports // switch.ports_per_cage for one in switch.breakouts) or BREAKOUTS


def _breakouts(loaded: LoadedSite) -> Iterator[Problem]:
    fabric, known = loaded.site.fabrics.compute, _known_breakouts(loaded)
    for key in ("breakout", "uplink_breakout"):
        asked = getattr(fabric, key)
        if asked and asked not in known:
            best = max((n for n in known if n < asked), default=known[0])
            yield Problem(
                path=(*AT, key),
                value=str(asked),
                rule=f"ports of {fabric.switch} cannot be split by {asked}, but by "
                f"{' or '.join(map(str, known))}: write {best}",
                remedy=(((*AT, key), str(best)),),
            )


def _other_speed(path: DefinitionPath, server: str, speed: int, loaded: LoadedSite) -> Problem:
    fabric = loaded.site.fabrics.compute
    port_gbps = loaded.catalogue.switches[fabric.switch].speed_gbps
    breakout = next((n for n in _known_breakouts(loaded) if speed * n == port_gbps), None)
    planes = f" in each of {fabric.planes} planes" if fabric.planes > 1 else ""
    split = f" split by {fabric.breakout}" if fabric.breakout > 1 else ""
    remedy = f"write breakout: {breakout}" if breakout else "choose another switch or server"
    return Problem(
        path=path,
        value=server,
        rule=f"compute ports of {server} run at {speed} Gb/s{planes}, but ports of "
        f"{fabric.switch}{split} at {port_gbps // fabric.breakout} Gb/s: {remedy}",
        remedy=(((*AT, "breakout"), str(breakout)),) if breakout else (),
    )


def _reach(loaded: LoadedSite) -> Iterator[Problem]:
    longest_m = estimate_length_m(len(loaded.site.facility.racks.names) - 1)
    for key, name, _, _ in _cables(loaded):
        reach_m = max(loaded.catalogue.cables[name].lengths_m)
        if longest_m > reach_m:
            yield Problem(
                path=(*AT, key),
                value=name,
                rule=f"{name} reaches {reach_m:g} m, but the racks at both ends of the row are "
                f"{longest_m:g} m apart: put the switches nearer, or choose another cable",
            )


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
            remedy=(((*AT, "tiers"), "3"),) if helps else (),
        )
    return Problem(
        path=(*AT, "switch"),
        value=switch,
        rule=f"{ask.built_units} scalable units need {leaves} leaves, but three tiers of {switch} "
        f"with {ask.ports} ports join at most {third} such units: use fewer units, or a switch "
        "with more ports",
    )
