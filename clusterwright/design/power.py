"""Which power supply hangs on which outlet of which PDU."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.occupants import Occupant
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
    """Spread the supplies of each device over all feeds, turning by one from device to device."""
    outlets: dict[str, list[Outlet]] = {}
    supplies: dict[str, tuple[PowerSupply, ...]] = {}
    turns: dict[str, int] = {}
    for one in occupants:
        count = one.supplies.count if one.supplies else 0
        turn = turns.get(one.rack, 0)
        turns[one.rack] = turn + count
        cords = [
            _plug(one, k, pdu_name(one.rack, feeds[(turn + k) % len(feeds)]), outlets)
            for k in range(count)
        ]
        supplies[one.name] = tuple(cords)
    return Cords(by_device=supplies, by_pdu={name: tuple(used) for name, used in outlets.items()})


def _plug(one: Occupant, ordinal: int, pdu: str, outlets: dict[str, list[Outlet]]) -> PowerSupply:
    used = outlets.setdefault(pdu, [])
    number, name = len(used) + 1, f"PSU{ordinal}"
    used.append(Outlet(number=number, consumer=one.name, power_supply=name))
    return PowerSupply(name=name, pdu=pdu, outlet=number)
