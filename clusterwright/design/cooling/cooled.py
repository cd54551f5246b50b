"""All heat of a site and where it goes, gathered once for every question about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.cooling.air import RoomAir, find_air_problems, gather
from clusterwright.design.cooling.balance import balance_cooling, find_usages
from clusterwright.design.cooling.circuits import find_circuit_problems
from clusterwright.design.cooling.duty import Duty, list_duties
from clusterwright.design.cooling.proof import find_unproven
from clusterwright.design.cooling.reach import find_reach_problems
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import CoolingBalance, Unproven, Usage
from clusterwright.design.racks import RackPlace
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooled:
    """What gives heat, by rack, by circuit and to the room."""

    loaded: LoadedSite
    racks: Mapping[str, RackPlace]
    by_rack: Mapping[str, Sequence[Occupant]]
    duties: tuple[Duty, ...]
    air: RoomAir

    def find_problems(self) -> Iterator[Problem]:
        """Yield everything that would get too hot, too cold, or wet."""
        for duty in self.duties:
            yield from find_circuit_problems(self.loaded, duty)
        yield from find_reach_problems(self.racks, self.by_rack, self.duties)
        yield from find_air_problems(self.loaded, self.racks, self.by_rack, self.air)

    def balance(self) -> CoolingBalance:
        return balance_cooling(self.loaded, self.duties, self.air)

    def usages(self) -> tuple[Usage, ...]:
        return tuple(find_usages(self.racks, self.by_rack, self.balance()))

    def unproven(self) -> tuple[Unproven, ...]:
        return find_unproven(self.loaded, self.racks, self.by_rack, self.duties, self.air)


def gather_all(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
) -> Cooled:
    """Gather what gives heat, places of what is to come included."""
    return Cooled(
        loaded=loaded,
        racks=racks,
        by_rack=by_rack,
        duties=list_duties(loaded, by_rack),
        air=gather(racks, by_rack),
    )
