"""What a Clos fabric joins, port by port."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from clusterwright.design.cabling import Joint
from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.guests import GuestPort, list_guest_ports
from clusterwright.design.fabric.size import FabricSize
from clusterwright.design.fabric.switches import fabric_name
from clusterwright.design.fabric.wiring import Wiring, wire
from clusterwright.design.plan import LinkEnd
from clusterwright.design.seats import Seat
from clusterwright.errors import DefinitionPath
from clusterwright.model.cabling import CableChoice
from clusterwright.model.fabric import StorageFabric

Ends = tuple[int, str, LinkEnd, LinkEnd]
"""Plane, tier, and the two ends of a link."""


def list_joints(clos: Clos, seats: Sequence[Seat]) -> Iterator[Joint]:
    """Yield what is to be joined: nodes, guests and storage to leaves, then tier by tier."""
    if clos.size is None:
        return
    wiring = wire(clos.ask, clos.size)
    yield from _joints(
        clos,
        (
            (_below(clos, wiring, seats), _below_cable(clos)),
            *_shared(clos, wiring),
            (_of_pool(clos, wiring, present=True), pool_cable(clos)),
            (_between(wiring), _above_cable(clos)),
        ),
    )


def list_joints_to_come(clos: Clos, seats: Sequence[Seat]) -> Iterator[Joint]:
    """Yield what will be joined where it is known already: holes, storage, switches to come."""
    if clos.size is None:
        return
    wiring = wire(clos.ask, clos.size)
    yield from _joints(
        clos,
        (
            (_nodes(clos, wiring, _to_come(clos.size, seats)), _below_cable(clos)),
            (_of_pool(clos, wiring, present=False), pool_cable(clos)),
            (_between_to_come(wiring), _above_cable(clos)),
        ),
    )


def _joints(clos: Clos, parts: Iterable[tuple[Iterator[Ends], "Asked"]]) -> Iterator[Joint]:
    names = [fabric_name(clos.ask, plane) for plane in range(1, clos.ask.planes + 1)]
    for ends, cable in parts:
        for plane, tier, a, b in ends:
            yield Joint(
                fabric=names[plane - 1],
                tier=tier,
                a=a,
                b=b,
                cable=cable.choice,
                speed_gbps=cable.speed_gbps,
                path=cable.path,
            )


class Asked(NamedTuple):
    """A cable as asked for, where, and what the ports of a switch run at there."""

    choice: CableChoice
    speed_gbps: int
    path: DefinitionPath


def _below_cable(clos: Clos) -> Asked:
    return Asked(clos.defined.cable, clos.below_gbps, (*clos.at, "cable"))


def _above_cable(clos: Clos) -> Asked:
    own = clos.defined.uplink_cable
    path = (*clos.at, "uplink_cable" if own else "cable")
    return Asked(own or clos.defined.cable, clos.above_gbps, path)


def pool_cable(clos: Clos) -> Asked:
    """Return the cable between storage servers and their leaves."""
    own = clos.defined.appliances.cable if isinstance(clos.defined, StorageFabric) else None
    path = (*clos.at, "appliances", "cable") if own else (*clos.at, "cable")
    return Asked(own or clos.defined.cable, clos.pool_gbps, path)


def _to_come(size: FabricSize, seats: Sequence[Seat]) -> list[Seat]:
    """Return the seats without a node whose ports no guest has."""
    return [s for s in seats if s.hole and s.index <= size.units[s.unit_ordinal].room]


def _nodes(clos: Clos, wiring: Wiring, seats: Sequence[Seat]) -> Iterator[Ends]:
    for seat in seats:
        for port in clos.ports[seat.model]:
            leaf = wiring.node_end(seat.unit_ordinal, seat.index, port.rail, port.plane)
            yield port.plane, "node-leaf", LinkEnd(device=seat.name, port=port.cage), leaf


def _below(clos: Clos, wiring: Wiring, seats: Sequence[Seat]) -> Iterator[Ends]:
    yield from _nodes(clos, wiring, seats)
    for guest in list_guest_ports(clos.guests, clos.ask.planes):
        if not guest.splitter:
            yield _guest(wiring, guest)


def _shared(clos: Clos, wiring: Wiring) -> Iterator[tuple[Iterator[Ends], Asked]]:
    """Yield the links of each splitter that hosts share, as fast as its legs."""
    attached = {one.host: i for i, one in enumerate(clos.defined.attached) if one.cable}
    for guest in list_guest_ports(clos.guests, clos.ask.planes):
        if guest.splitter and guest.host in attached:
            path = (*clos.at, "attached", attached[guest.host], "cable")
            asked = Asked(guest.splitter, 0, path)
        if guest.splitter:
            yield iter([_guest(wiring, guest)]), asked


def _guest(wiring: Wiring, guest: GuestPort) -> Ends:
    leaf = wiring.guest_end(guest.unit, guest.ordinal, guest.plane, guest.offset)
    if guest.lane:
        leaf = LinkEnd(device=leaf.device, port=f"{leaf.port}/{guest.lane}")
    return guest.plane, f"{guest.kind}-leaf", LinkEnd(device=guest.host, port=guest.port), leaf


def _of_pool(clos: Clos, wiring: Wiring, *, present: bool) -> Iterator[Ends]:
    ordinal = 0
    for store in clos.pool:
        for port in store.ports:
            if store.present == present:
                end = LinkEnd(device=store.name, port=port.name)
                yield 1, "storage-leaf", end, wiring.pool_end(ordinal)
            ordinal += 1


def _between(wiring: Wiring) -> Iterator[Ends]:
    for plane in range(1, wiring.ask.planes + 1):
        for a, b in wiring.leaf_leaf(plane):
            yield plane, "leaf-leaf", a, b
        for a, b in wiring.leaf_spine(plane):
            yield plane, "leaf-spine", a, b
        for a, b in wiring.spine_core(plane):
            yield plane, "spine-core", a, b


def _between_to_come(wiring: Wiring) -> Iterator[Ends]:
    for plane in range(1, wiring.ask.planes + 1):
        for a, b in wiring.leaf_spine_to_come(plane):
            yield plane, "leaf-spine", a, b
        for a, b in wiring.spine_core_to_come(plane):
            yield plane, "spine-core", a, b
