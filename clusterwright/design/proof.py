"""Limits that cannot be checked, because the catalogue has no figure for a model."""

from collections.abc import Iterator, Sequence

from clusterwright.design.culprits import by_rack
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Unproven
from clusterwright.load import LoadedSite

_OF_RACKS = {
    "height_units": "everything in it has a rack unit of its own",
    "power_max_watts": "it draws no more than its limit",
    "power_supplies": "every power supply has an outlet, and enough are fed with any one feed gone",
}


def find_unproven(loaded: LoadedSite, occupants: Sequence[Occupant]) -> tuple[Unproven, ...]:
    """Return what nobody may take for checked: of each rack, then of each loop."""
    return (*_racks(loaded, occupants), *_loops(loaded, occupants))


def _racks(loaded: LoadedSite, occupants: Sequence[Occupant]) -> Iterator[Unproven]:
    inside = by_rack(occupants)
    for rack in loaded.site.facility.rack_names:
        for key, check in _OF_RACKS.items():
            yield from _without(key, inside.get(rack, ()), subject=f"rack {rack}", check=check)


def _loops(loaded: LoadedSite, occupants: Sequence[Occupant]) -> Iterator[Unproven]:
    for loop in loaded.site.facility.cooling.loops:
        inside = [one for one in occupants if one.rack in loop.racks]
        check = f"{loop.cdu.name} carries the heat of its racks"
        yield from _without("liquid_watts", inside, subject=f"loop {loop.name}", check=check)


def _without(
    key: str, inside: Sequence[Occupant], *, subject: str, check: str
) -> Iterator[Unproven]:
    models = dict.fromkeys(one.model for one in inside if key in one.unknown)
    if models:
        reason = f"the catalogue has no {key} of {', '.join(models)}"
        yield Unproven(subject=subject, check=check, reason=reason)
