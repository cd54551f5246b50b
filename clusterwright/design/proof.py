"""Limits that cannot be checked, because the catalogue has no figure for a model."""

from collections.abc import Iterable, Iterator, Sequence

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
    """Return what nobody may take for checked of the power of each rack."""
    inside = by_rack(occupants)
    return together(
        "rack",
        (
            (rack, check, reason)
            for rack in loaded.site.facility.rack_names
            for key, check in _OF_RACKS.items()
            for reason in without(key, inside.get(rack, ()))
        ),
    )


def without(key: str, inside: Sequence[Occupant]) -> Iterator[str]:
    """Yield which models of the catalogue lack a figure that a check needs, if any do."""
    if models := dict.fromkeys(one.known_as for one in inside if key in one.unknown):
        yield lacks(key, models)


def lacks(key: str, models: Iterable[str]) -> str:
    """Say which figure is missing, and of what."""
    return f"the catalogue has no {key} of {', '.join(models)}"


def together(noun: str, rows: Iterable[tuple[str, str, str]]) -> tuple[Unproven, ...]:
    """Join (subject, check, reason) of subjects that lack the same: 500 racks are one line."""
    subjects: dict[tuple[str, str], list[str]] = {}
    for subject, check, reason in rows:
        subjects.setdefault((check, reason), []).append(subject)
    return tuple(
        Unproven(subject=_joined(noun, names), check=check, reason=reason)
        for (check, reason), names in subjects.items()
    )


def _joined(noun: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{noun} {names[0]}"
    if len(names) <= 4:
        return f"each of {noun}s {', '.join(names)}"
    return f"each of {len(names)} {noun}s from {names[0]} to {names[-1]}"
