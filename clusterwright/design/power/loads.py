"""What flows in a rack in normal operation, and with each of its feeds gone.

A device shares what it draws evenly over the supplies that are fed, a busbar over the rectifiers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import PowerSupplies
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.feeding import Feeding
from clusterwright.design.power.plugging import NO_PDU, Cord


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What flows in one case. `banks` is by PDU and bank, `sockets` the most of one outlet of each.

    `rectifiers` says how many of the shelves' are fed; they carry `busbar_watts`.
    """

    lost: str
    feeds: Mapping[str, float]
    banks: Mapping[tuple[int, int], float]
    sockets: Mapping[tuple[int, int], float]
    rectifiers: int
    busbar_watts: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectifiers:
    """Those of the shelves of a rack: one feed for each, shelf after shelf."""

    feeds: tuple[str, ...]
    capacity_watts: float


def rectifiers_of(feeding: Feeding) -> Rectifiers:
    """Spread the inputs of the shelves over the feeds by turns."""
    if feeding.shelf is None:
        return Rectifiers(feeds=(), capacity_watts=0.0)
    count, inputs = feeding.shelf.supplies.count, feeding.shelf.inputs or 1
    feeds = tuple(
        feeding.feeds[(shelf * inputs + k * inputs // count) % len(feeding.feeds)]
        for shelf in range(feeding.shelf_count)
        for k in range(count)
    )
    return Rectifiers(feeds=feeds, capacity_watts=feeding.shelf.capacity_watts / count)


def find_loads(
    feeding: Feeding, inside: Sequence[Occupant], cords: Sequence[tuple[Cord, ...]]
) -> tuple[Load, ...]:
    """Return what flows in every case."""
    return tuple(_load(feeding, inside, cords, lost) for lost in feeding.cases)


def needed_of(supplies: PowerSupplies, power_watts: int) -> int:
    """Return how many supplies full performance takes; each also gives no more than it can."""
    by_capacity = -(-power_watts // supplies.capacity_watts) if supplies.capacity_watts else 0
    return max(supplies.needed, by_capacity)


def _load(
    feeding: Feeding, inside: Sequence[Occupant], cords: Sequence[tuple[Cord, ...]], lost: str
) -> Load:
    feeds = dict.fromkeys(feeding.feeds, 0.0)
    banks: dict[tuple[int, int], float] = {}
    sockets: dict[tuple[int, int], float] = {}
    for one, its_cords in zip(inside, cords, strict=True):
        for cord, watts in share(one, its_cords, lost):
            feeds[cord.feed] += watts
            if cord.pdu != NO_PDU:
                at = cord.pdu, cord.bank
                banks[at] = banks.get(at, 0.0) + watts
                sockets[at] = max(sockets.get(at, 0.0), watts)
    busbar_watts = sum(one.power_watts for one in inside if one.busbar)
    fed = [feed for feed in rectifiers_of(feeding).feeds if feed != lost]
    for feed in fed:
        feeds[feed] += busbar_watts / len(fed)
    return Load(
        lost=lost,
        feeds=feeds,
        banks=banks,
        sockets=sockets,
        rectifiers=len(fed),
        busbar_watts=busbar_watts,
    )


def share(one: Occupant, cords: Sequence[Cord], lost: str) -> Iterator[tuple[Cord, float]]:
    """Yield what each supply of a device draws."""
    fed = [cord for cord in cords if cord.feed != lost]
    if not fed or one.supplies is None:
        return
    watts: float = one.power_watts
    # On too few supplies a device slows down: it cannot draw more than they give.
    if len(fed) < needed_of(one.supplies, one.power_watts) and one.supplies.capacity_watts:
        watts = min(watts, len(fed) * one.supplies.capacity_watts)
    for cord in fed:
        yield cord, watts / len(fed)
