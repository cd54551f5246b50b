"""How much of the capacity of each CDU is used."""

from collections import Counter
from collections.abc import Iterator, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Usage
from clusterwright.load import LoadedSite


def find_usages(loaded: LoadedSite, occupants: Sequence[Occupant]) -> Iterator[Usage]:
    """Yield the heat that each loop takes from its racks."""
    heat_watts: Counter[str] = Counter()
    for one in occupants:
        heat_watts[one.rack] += one.liquid_watts
    for loop in loaded.site.facility.cooling.loops:
        yield Usage(
            layer="cooling",
            subject=f"loop {loop.name}",
            limit=f"heat that {loop.cdu.name} takes",
            used=sum(heat_watts[rack] for rack in loop.racks) / 1000,
            allowed=loaded.catalogue.cdus[loop.cdu.model].capacity_watts / 1000,
            unit="kW",
        )
