"""What racks can hold."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.culprits import by_rack, culprits, fewer
from clusterwright.design.occupant import Occupant
from clusterwright.design.racks import RackPlace
from clusterwright.errors import Problem


def find_problems(
    racks: Mapping[str, RackPlace], occupants: Sequence[Occupant]
) -> Iterator[Problem]:
    """Yield every rack that is too small."""
    for rack, inside in by_rack(occupants).items():
        yield from _units(rack, inside, racks[rack].model.height_units)


def _units(rack: str, inside: Sequence[Occupant], height: int) -> Iterator[Problem]:
    if sum(o.height_units for o in inside) <= height:
        return
    chosen, others = culprits(inside)
    taken = sum(o.height_units for o in others)
    each = chosen[0].height_units
    yield fewer(
        rack,
        chosen,
        verb=f"take {each * len(chosen)} rack units",
        beside=f", beside {taken} taken by other equipment" if taken else "",
        limit=f"the rack has {height}",
        fit=max(0, (height - taken) // each),
    )
