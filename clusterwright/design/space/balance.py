"""How much of each rack is taken."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Usage
from clusterwright.design.racks import RackPlace


def find_usages(racks: Mapping[str, RackPlace], occupants: Sequence[Occupant]) -> Iterator[Usage]:
    """Yield the rack units that are taken, or kept for what is to come."""
    units: Counter[str] = Counter()
    for one in occupants:
        units[one.rack] += one.height_units
    for name, rack in racks.items():
        yield Usage(
            layer="space",
            subject=f"rack {name}",
            limit="rack units",
            used=units[name],
            allowed=rack.model.height_units,
            unit="U",
        )
