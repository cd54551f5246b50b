"""Where in its rack each device sits.

In this order, so that what is to come moves nothing that stands:

1. what the operator pins, and what the maker of a whole rack has built in
2. from the floor: coolant, power shelves, then servers, heaviest first
3. from the top: switches, the panel, then light hosts, in the order of the definition

Rack units of what is not there yet are kept, and everything finds its place around the pins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.culprits import by_rack
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Mount
from clusterwright.design.racks import RackPlace
from clusterwright.model.floor import Pin

KG_PER_UNIT = 16.0
"""Servers of unknown weight are arranged as if they weighed so much: a DGX H100 does."""
_FROM_FLOOR = {"cdu": 0, "power-shelf": 1}
_FROM_TOP = {"switch": 0, "panel": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A device without a place: beyond its rack, or where `other` already is."""

    device: Occupant
    lowest_unit: int | None
    other: Occupant | None = None
    free_unit: int | None = None
    """From where there is room for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elevation:
    """Where every device sits, and which find no place."""

    mounts: Mapping[str, Mount]
    misfits: tuple[Misfit, ...]


def elevate(
    racks: Mapping[str, RackPlace], occupants: Sequence[Occupant], pins: Mapping[str, Pin]
) -> Elevation:
    """Arrange every rack."""
    mounts: dict[str, Mount] = {}
    misfits: list[Misfit] = []
    for name, inside in by_rack(occupants).items():
        height, lost = racks[name].model.height_units, []
        for one, at, other in _arrange(inside, height, pins):
            if at is None or other:
                lost.append((one, at, other))
            else:
                mounts[one.name] = _mount(one, at, pins.get(one.name))
        taken = [mounts[one.name] for one in inside if one.name in mounts] if lost else []
        misfits += [
            Misfit(device=one, lowest_unit=at, other=other, free_unit=_room(one, height, taken))
            for one, at, other in lost
        ]
    return Elevation(mounts=mounts, misfits=tuple(misfits))


def _mount(one: Occupant, at: int, pin: Pin | None) -> Mount:
    face = pin.face if pin else None
    return Mount(
        rack=one.rack,
        lowest_unit=at,
        height_units=one.height_units,
        face=face or ("rear" if one.rear else "front"),
    )


def _room(one: Occupant, height: int, taken: Iterable[Mount]) -> int | None:
    units = {at.lowest_unit + n for at in taken for n in range(at.height_units)}
    return next(
        (
            at
            for at in range(1, height - one.height_units + 2)
            if not units & set(range(at, at + one.height_units))
        ),
        None,
    )


Placed = tuple[Occupant, int | None, Occupant | None]
"""A device, its lowest unit if there is one, and who is there already."""


def _arrange(inside: Sequence[Occupant], height: int, pins: Mapping[str, Pin]) -> Iterator[Placed]:
    taken: dict[int, Occupant] = {}
    free: list[Occupant] = []
    for one in inside:
        at = pins[one.name].at if one.name in pins else one.fixed_at
        if at is None:
            free.append(one)
            continue
        units = range(at, at + one.height_units)
        beyond = units.stop - 1 > height
        other = next((taken[unit] for unit in units if unit in taken), None)
        yield one, None if beyond else at, other
        if not other:
            taken.update(dict.fromkeys(units, one))
    yield from _fill(from_floor(free), range(1, height + 1), taken)
    yield from _fill(_from_top(free), range(height, 0, -1), taken)


def _fill(
    devices: Iterable[Occupant], units: Sequence[int], taken: dict[int, Occupant]
) -> Iterator[Placed]:
    """Place devices one after the other along `units`, each in the first room that it finds."""
    cursor = 0
    for one in devices:
        room: Sequence[int] = ()
        while cursor + one.height_units <= len(units):
            room = units[cursor : cursor + one.height_units]
            blocked = [k for k, unit in enumerate(room) if unit in taken]
            if not blocked:
                break
            cursor, room = cursor + blocked[-1] + 1, ()
        yield one, min(room) if room else None, None
        taken.update(dict.fromkeys(room, one))
        cursor += len(room)


def from_floor(free: Sequence[Occupant]) -> list[Occupant]:
    """Return what fills a rack upwards, the lowest first."""
    rising = [one for one in free if not one.from_top]
    return sorted(rising, key=lambda one: (_FROM_FLOOR.get(one.kind, 2), -heft_kg(one)))


def _from_top(free: Sequence[Occupant]) -> list[Occupant]:
    def order(one: Occupant) -> tuple[bool, int]:
        return one.late, _FROM_TOP.get(one.kind, 2)

    return sorted((one for one in free if one.from_top), key=order)


def heft_kg(one: Occupant) -> float:
    """Return by what a device is ranked: its weight, or a guess where nobody says."""
    return one.weight_kg or KG_PER_UNIT * one.height_units
