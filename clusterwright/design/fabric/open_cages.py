"""Who shares a cage of a leaf with somebody whose place nobody knows yet.

One transceiver or plug serves all ports of a cage, so the cable of a node depends on who comes
beside it. Where that is known from what the site is built for, it is known from the start. Else the
cable must do for whoever comes. Whether it is known may not depend on who is there already.
"""

from collections.abc import Iterator, Sequence

from clusterwright.design.fabric.clos import Clos
from clusterwright.design.fabric.size import FabricSize
from clusterwright.design.fabric.unit import UnitLayout
from clusterwright.design.seats import Seat, Spread

BUILT = -1


def find_open(clos: Clos, seats: Sequence[Seat]) -> frozenset[str]:
    """Return the nodes, guests and storage servers that share a cage with a stranger to come."""
    if clos.size is None:
        return frozenset()
    cage = clos.ask.cage_ports * clos.ask.split
    guests = (one.host for guest in clos.guests for one in (guest, *guest.sharing))
    return frozenset(
        (
            *(_open_nodes(clos, clos.size, seats, cage) if cage > 1 else ()),
            *(guests if cage > 1 else ()),
            *_open_stores(clos, clos.size),
        )
    )


def _open_nodes(clos: Clos, size: FabricSize, seats: Sequence[Seat], cage: int) -> Iterator[str]:
    by_unit: dict[int, list[Seat]] = {}
    for seat in seats:
        by_unit.setdefault(seat.unit_ordinal, []).append(seat)
    for unit, inside in by_unit.items():
        names = {seat.index: seat.name for seat in inside}
        homes = _homes(inside, clos.ask.units[unit].build_for)
        for together in _together(size.units[unit], cage, size.last_downlink):
            at = {homes.get(index) for index in together}
            if at != {BUILT} and (len(at) > 1 or None in at):
                yield from (names[index] for index in together if index in names)


Home = tuple[int, int]
"""The ordinal of a group in its unit, and which of its racks."""


def _homes(seats: Sequence[Seat], build_for: int) -> dict[int, Home | int]:
    """Return where each index of a unit stands, BUILT where its group says how many it is for.

    The unit's last group has all indices that are left, if it does not say.
    """
    groups: dict[int, tuple[int, Spread]] = {}
    for seat in seats:
        groups.setdefault(int(seat.spread.path[3]), (seat.index, seat.spread))
    known: dict[int, Home | int] = {}
    for group, (first, spread) in groups.items():
        stop = build_for + 1 if group == max(groups) and not spread.built else first + spread.places
        for index in range(first, stop):
            known[index] = BUILT if spread.built else (group, (index - first) // spread.share)
    return known


def _together(layout: UnitLayout, cage: int, last: int) -> Iterator[list[int]]:
    """Yield the indices, from 1, whose ports share cages, directly or through others.

    Index 0 stands for a guest.
    """
    each, guests = layout.ports_per_node, last - layout.guest_downlinks
    inside: list[int] = []
    for index in range(1, layout.room + 1):
        first = (index - 1) % max(1, layout.nodes_per_leaf) * each
        if inside and (first == 0 or first % cage == 0):
            yield inside
            inside = []
        inside.append(index)
        stop = -(-(first + each) // cage) * cage
        if layout.guest_downlinks and stop > guests:
            inside.append(0)
    if inside:
        yield inside


def _open_stores(clos: Clos, size: FabricSize) -> Iterator[str]:
    """A cage of storage's leaves may be shared by two systems, or have room for one to come."""
    pool = size.pool
    cage = clos.ask.cage_ports * pool.split if pool else 1
    if pool is None or cage == 1:
        return
    owners = [(store.name, store.system) for store in clos.pool for _ in store.ports]
    block = cage * pool.leaves
    for start in range(0, len(owners), block):
        for leaf in range(pool.leaves):
            places = range(start + leaf, start + block, pool.leaves)
            inside = [owners[place] for place in places if place < len(owners)]
            if len(inside) < cage or len({system for _, system in inside}) > 1:
                yield from (name for name, _ in inside)
