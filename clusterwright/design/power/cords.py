"""Which power supply hangs on which outlet of which PDU."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Outlet, PowerSupply


@dataclass(frozen=True, slots=True, kw_only=True)
class Cords:
    """All cords of the site, seen from the devices and from the PDUs."""

    by_device: Mapping[str, tuple[PowerSupply, ...]]
    by_pdu: Mapping[str, tuple[Outlet, ...]]


def pdu_name(rack: str, feed: str) -> str:
    """Name the one PDU that a feed has in a rack."""
    return f"{rack}-pdu-{feed.lower()}"


def plug_in(occupants: Sequence[Occupant], feeds: Sequence[str]) -> Cords:
    """Spread the supplies of each device over all feeds, turning by one from device to device.

    Outlets of what is not present are passed over.
    """
    outlets: dict[str, list[Outlet]] = {}
    supplies: dict[str, tuple[PowerSupply, ...]] = {}
    turns: dict[str, int] = {}
    numbers: Counter[str] = Counter()
    for one in occupants:
        count = one.supplies.count if one.supplies else 0
        turn = turns.get(one.rack, 0)
        turns[one.rack] = turn + count
        pdus = [pdu_name(one.rack, feeds[(turn + k) % len(feeds)]) for k in range(count)]
        cords = [_cord(k, pdu, numbers) for k, pdu in enumerate(pdus)]
        if one.present:
            supplies[one.name] = tuple(cords)
            for cord in cords:
                outlet = Outlet(number=cord.outlet, consumer=one.name, power_supply=cord.name)
                outlets.setdefault(cord.pdu, []).append(outlet)
    return Cords(by_device=supplies, by_pdu={name: tuple(used) for name, used in outlets.items()})


def _cord(ordinal: int, pdu: str, numbers: Counter[str]) -> PowerSupply:
    numbers[pdu] += 1
    return PowerSupply(name=f"PSU{ordinal}", pdu=pdu, outlet=numbers[pdu])
