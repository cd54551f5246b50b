"""Rows of racks and the aisles between them, as a floor plan shows them. Millimetres of floor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from clusterwright.design.plan import FloorPlace, Rack, SitePlan
from clusterwright.design.plan.space import Direction

OUTER_MM = 1200
"""How much floor is shown in front of the first row and behind the last one."""
USUAL_WIDTH_MM = 600
"""Of what stands in a row and has no width in the catalogue: a rack's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOnFloor:
    """One row: its racks from west to east, what stands beside them, the floor that all cover."""

    name: str
    racks: Sequence[Rack]
    others: Sequence[FloorPlace]
    front: Direction

    @property
    def west_mm(self) -> int:
        return min(west for west, _ in self._spans)

    @property
    def east_mm(self) -> int:
        return max(east for _, east in self._spans)

    @property
    def _spans(self) -> list[tuple[int, int]]:
        racks = [(rack.x_mm, rack.x_mm + rack.width_mm) for rack in self.racks]
        return racks + [
            (one.x_mm, one.x_mm + (one.width_mm or USUAL_WIDTH_MM)) for one in self.others
        ]

    @property
    def north_mm(self) -> int:
        return min(rack.y_mm for rack in self.racks)

    @property
    def south_mm(self) -> int:
        return max(rack.y_mm + rack.depth_mm for rack in self.racks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aisle:
    """The floor between two rows, or beside the outermost ones; `outer` has no row beyond it."""

    air: Literal["cold", "hot", "mixed"]
    north_mm: int
    south_mm: int
    outer: bool


def list_rows(plan: SitePlan) -> Sequence[RowOnFloor]:
    """Return the rows from north to south."""
    racks: dict[str, list[Rack]] = {}
    for rack in plan.racks:
        racks.setdefault(rack.row, []).append(rack)
    others: dict[str, list[FloorPlace]] = {}
    for one in plan.equipment:
        if one.floor:
            others.setdefault(one.floor.row, []).append(one.floor)
    rows = (
        RowOnFloor(
            name=name,
            racks=sorted(row, key=lambda r: r.place),
            others=others.get(name, ()),
            front=row[0].front,
        )
        for name, row in racks.items()
    )
    return sorted(rows, key=lambda row: row.north_mm)


def list_aisles(rows: Sequence[RowOnFloor]) -> Iterator[Aisle]:
    """Yield the aisles from north to south."""
    first, last = rows[0], rows[-1]
    yield Aisle(
        air="cold" if first.front == "north" else "hot",
        north_mm=first.north_mm - OUTER_MM,
        south_mm=first.north_mm,
        outer=True,
    )
    for above, below in pairwise(rows):
        yield Aisle(
            air=_air(above, below), north_mm=above.south_mm, south_mm=below.north_mm, outer=False
        )
    yield Aisle(
        air="cold" if last.front == "south" else "hot",
        north_mm=last.south_mm,
        south_mm=last.south_mm + OUTER_MM,
        outer=True,
    )


def _air(above: RowOnFloor, below: RowOnFloor) -> Literal["cold", "hot", "mixed"]:
    fronts = (above.front == "south", below.front == "north")
    return "cold" if all(fronts) else "mixed" if any(fronts) else "hot"
