"""The compute fabric of a site: what its definition asks for, and what it joins."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from clusterwright.design.cabling import Joint
from clusterwright.design.fabric.ask import AT, FabricAsk, Grouping, UnitAsk
from clusterwright.design.fabric.guests import list_guests, unit_of
from clusterwright.design.fabric.node_ports import count_rails, plane_ports
from clusterwright.design.fabric.size import FabricSize
from clusterwright.design.fabric.switches import fabric_name
from clusterwright.design.fabric.wiring import Wiring, wire
from clusterwright.design.plan import LinkEnd
from clusterwright.design.seats import Seat
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import ComputeFabric

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


def list_joints(
    loaded: LoadedSite, ask: FabricAsk, size: FabricSize, seats: Sequence[Seat]
) -> Iterator[Joint]:
    """Yield what is to be joined: nodes and guests to leaves, then tier by tier."""
    fabric = loaded.site.fabrics.compute
    port_gbps = loaded.catalogue.switches[fabric.switch].speed_gbps
    below = (fabric.cable, port_gbps // fabric.breakout, (*AT, "cable"))
    above = (
        fabric.uplink_cable or fabric.cable,
        port_gbps // breakout_above(fabric),
        (*AT, "uplink_cable" if fabric.uplink_cable else "cable"),
    )
    names = [fabric_name(ask, plane) for plane in range(1, ask.planes + 1)]
    for plane, tier, a, b in _ends(loaded, wire(ask, size), seats):
        cable, speed_gbps, path = above if tier in BETWEEN_SWITCHES else below
        yield Joint(
            fabric=names[plane - 1],
            tier=tier,
            a=a,
            b=b,
            cable=cable,
            speed_gbps=speed_gbps,
            path=path,
        )


Ends = tuple[int, str, LinkEnd, LinkEnd]
"""Plane, tier, and the two ends of a link."""


def _ends(loaded: LoadedSite, wiring: Wiring, seats: Sequence[Seat]) -> Iterator[Ends]:
    yield from _nodes(wiring, seats)
    for guest in list_guests(loaded, wiring.ask):
        leaf = wiring.guest_end(guest.unit, guest.ordinal, guest.plane)
        yield guest.plane, f"{guest.kind}-leaf", LinkEnd(device=guest.host, port=guest.port), leaf
    for plane in range(1, wiring.ask.planes + 1):
        for a, b in wiring.leaf_spine(plane):
            yield plane, "leaf-spine", a, b
        for a, b in wiring.spine_core(plane):
            yield plane, "spine-core", a, b


def _nodes(wiring: Wiring, seats: Sequence[Seat]) -> Iterator[Ends]:
    servers = {seat.model: seat.server for seat in seats}
    ports = {model: plane_ports(one, wiring.ask.planes) for model, one in servers.items()}
    for seat in seats:
        for port in ports[seat.model]:
            leaf = wiring.node_end(seat.unit_ordinal, seat.index, port.rail, port.plane)
            yield port.plane, "node-leaf", LinkEnd(device=seat.name, port=port.cage), leaf
