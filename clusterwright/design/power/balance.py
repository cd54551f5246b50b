"""How much of the power limit of each rack is used."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Usage
from clusterwright.design.racks import RackPlace


def find_usages(racks: Mapping[str, RackPlace], occupants: Sequence[Occupant]) -> Iterator[Usage]:
    """Yield what each rack draws at most, those to come included."""
    watts: Counter[str] = Counter()
    for one in occupants:
        watts[one.rack] += one.power_watts
    for name, rack in racks.items():
        yield Usage(
            layer="power",
            subject=f"rack {name}",
            limit="power limit of the rack",
            used=watts[name] / 1000,
            allowed=rack.power_limit_watts / 1000,
            unit="kW",
        )
