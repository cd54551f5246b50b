"""The compute fabric of a site: what its definition asks for, and its cables."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from clusterwright.catalogue.entry import Cable
from clusterwright.design.fabric.ask import FabricAsk, Grouping, UnitAsk
from clusterwright.design.fabric.guests import list_guests, unit_of
from clusterwright.design.fabric.node_ports import count_rails, plane_ports
from clusterwright.design.fabric.size import FabricSize
from clusterwright.design.fabric.switches import fabric_name
from clusterwright.design.fabric.wiring import Wiring, wire
from clusterwright.design.plan import Link, LinkEnd, Mount
from clusterwright.design.seats import Seat
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import ComputeFabric

RACK_PITCH_M = 0.75
UP_AND_DOWN_M = 5.0
IN_ONE_RACK_M = 3.0
BETWEEN_SWITCHES = frozenset({"leaf-spine", "spine-core"})


def ask_of(loaded: LoadedSite) -> FabricAsk:
    """Return what the definition asks of its compute fabric, in plain numbers."""
    fabric, units = loaded.site.fabrics.compute, loaded.site.compute
    switch, uplink_breakout = loaded.catalogue.switches[fabric.switch], breakout_above(fabric)
    return FabricAsk(
        ports=switch.ports * uplink_breakout,
        split=fabric.breakout // uplink_breakout,
        cage_ports=switch.ports_per_cage * uplink_breakout,
        units=tuple(_unit(loaded, ordinal) for ordinal in range(len(units))),
        build_for_units=fabric.build_for_units or 0,
        oversubscription=Fraction(fabric.oversubscription).limit_denominator(1000),
        shape=fabric.shape,
        rails_per_leaf=fabric.rails_per_leaf,
        reserved_leaf_ports=fabric.reserved_leaf_ports,
        tiers=3 if fabric.groups else fabric.tiers,
        grouping=Grouping(units=fabric.groups.units, leaves=fabric.groups.leaves)
        if fabric.groups
        else None,
        planes=fabric.planes,
    )


def breakout_above(fabric: ComputeFabric) -> int:
    """Return into how many links a port is split between switches."""
    return fabric.uplink_breakout or fabric.breakout


def _unit(loaded: LoadedSite, ordinal: int) -> UnitAsk:
    unit, fabric = loaded.site.compute[ordinal], loaded.site.fabrics.compute
    servers = [loaded.catalogue.servers[group.server] for group in unit.groups]
    guests = (one.ports for one in fabric.attached if unit_of(loaded, one) == ordinal)
    return UnitAsk(
        name=unit.name,
        build_for=unit.build_for,
        rails=max(count_rails(server, fabric.planes) for server in servers) or 1,
        guest_ports=sum(guests),
    )


def lay_cables(
    loaded: LoadedSite,
    ask: FabricAsk,
    size: FabricSize,
    seats: Sequence[Seat],
    mounts: Mapping[str, Mount],
) -> tuple[Link, ...]:
    """Return every cable of the compute fabric: nodes and guests to leaves, then tier by tier.

    Lengths are estimates by racks passed; the routed length along trays is not designed yet.
    """
    fabric, catalogue = loaded.site.fabrics.compute, loaded.catalogue
    below = catalogue.cables[fabric.cable]
    above = catalogue.cables[fabric.uplink_cable or fabric.cable]
    wiring = wire(ask, size)
    places = {rack: n for n, rack in enumerate(loaded.site.facility.racks.names)}
    at = {device: places[mount.rack] for device, mount in mounts.items()}
    lengths_m = {
        cable.title: [_length(apart, cable) for apart in range(len(places))]
        for cable in (below, above)
    }
    names = [fabric_name(ask, plane) for plane in range(1, ask.planes + 1)]
    return tuple(
        Link(
            fabric=names[plane - 1],
            tier=tier,
            a=a,
            b=b,
            speed_gbps=cable.speed_gbps,
            medium=cable.medium,
            length_m=lengths_m[cable.title][abs(at[a.device] - at[b.device])],
        )
        for plane, tier, a, b in _joints(loaded, wiring, seats)
        for cable in [above if tier in BETWEEN_SWITCHES else below]
    )


Joint = tuple[int, str, LinkEnd, LinkEnd]
"""Plane, tier, and the two ends of a link."""


def _joints(loaded: LoadedSite, wiring: Wiring, seats: Sequence[Seat]) -> Iterator[Joint]:
    yield from _nodes(wiring, seats)
    for guest in list_guests(loaded, wiring.ask):
        leaf = wiring.guest_end(guest.unit, guest.ordinal, guest.plane)
        yield guest.plane, f"{guest.kind}-leaf", LinkEnd(device=guest.host, port=guest.port), leaf
    for plane in range(1, wiring.ask.planes + 1):
        for a, b in wiring.leaf_spine(plane):
            yield plane, "leaf-spine", a, b
        for a, b in wiring.spine_core(plane):
            yield plane, "spine-core", a, b


def _nodes(wiring: Wiring, seats: Sequence[Seat]) -> Iterator[Joint]:
    servers = {seat.model: seat.server for seat in seats}
    ports = {model: plane_ports(one, wiring.ask.planes) for model, one in servers.items()}
    for seat in seats:
        for port in ports[seat.model]:
            leaf = wiring.node_end(seat.unit_ordinal, seat.index, port.rail, port.plane)
            yield port.plane, "node-leaf", LinkEnd(device=seat.name, port=port.cage), leaf


def estimate_length_m(racks_apart: int) -> float:
    """Return the length of a cable between racks so many places apart in the row."""
    return UP_AND_DOWN_M + RACK_PITCH_M * racks_apart if racks_apart else IN_ONE_RACK_M


def _length(racks_apart: int, cable: Cable) -> float:
    wanted = estimate_length_m(racks_apart)
    return next((m for m in sorted(cable.lengths_m) if m >= wanted), max(cable.lengths_m))
