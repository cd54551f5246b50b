"""Which racks there are, and where on the floor each stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.catalogue.entry import Cdu, RackModel, RackSystem
from clusterwright.design.plan.space import Direction, FloorPlace
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.facility import RackGroup
from clusterwright.model.floor import Row
from clusterwright.model.loop import Loop

UNKNOWN_WIDTH_MM = 600
"""What a row keeps for a CDU whose footprint nobody says: a rack's width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RackPlace:
    """A rack before anything stands in it.

    `x_mm` and `y_mm` are its north-west corner, from the north-west corner of the first row;
    `front` is where its cold side looks, `place` counts from 0 in its row.
    """

    name: str
    group: RackGroup
    path: DefinitionPath
    """Of its group in the definition."""
    model: RackModel
    system: RackSystem | None = None
    """What it is filled with, where it is bought whole."""
    row: str
    place: int
    x_mm: int
    y_mm: int
    front: Direction

    @property
    def power_limit_watts(self) -> int:
        return round(self.group.power_limit_kw * 1000)


def list_racks(loaded: LoadedSite) -> Mapping[str, RackPlace]:
    """Return every rack by name, in the order of the definition."""
    places = {one.name: one for one in _places(loaded) if isinstance(one, RackPlace)}
    return {name: places[name] for name in loaded.site.facility.rack_names}


def list_floor(loaded: LoadedSite) -> Mapping[str, FloorPlace]:
    """Return every CDU that stands on the floor among the racks, by name."""
    return {place.name: place for place in _places(loaded) if isinstance(place, FloorPlace)}


def _places(loaded: LoadedSite) -> Iterator[RackPlace | FloorPlace]:
    floor = loaded.site.facility.floor
    groups = {
        name: (("facility", "racks", i), group)
        for i, group in enumerate(loaded.site.facility.racks)
        for name in group.names
    }
    cdus = {cdu.name: cdu.model for loop in _loops(loaded) for cdu in loop.cdus}
    y_mm = 0
    for ordinal, row in enumerate(_rows(loaded)):
        x_mm, depth_mm = 0, 0
        for place, name in enumerate(row.racks):
            if name in groups:
                path, group = groups[name]
                model: RackModel | Cdu = loaded.catalogue.racks[group.model]
                yield RackPlace(
                    name=name,
                    group=group,
                    path=path,
                    model=loaded.catalogue.racks[group.model],
                    system=loaded.catalogue.rack_systems.get(group.system or ""),
                    row=row.name,
                    place=place,
                    x_mm=x_mm,
                    y_mm=y_mm,
                    front="north" if ordinal % 2 else "south",
                )
            else:
                model = loaded.catalogue.cdus[cdus[name]]
                yield FloorPlace(
                    name=name,
                    row=row.name,
                    place=place,
                    x_mm=x_mm,
                    y_mm=y_mm,
                    width_mm=model.width_mm,
                    depth_mm=model.depth_mm,
                )
            x_mm += model.width_mm or UNKNOWN_WIDTH_MM
            depth_mm = max(depth_mm, model.depth_mm or 0)
        aisle_m = floor.hot_aisle_m if ordinal % 2 else floor.cold_aisle_m
        y_mm += depth_mm + round(aisle_m * 1000)


def _rows(loaded: LoadedSite) -> Iterator[Row]:
    """Yield the rows with every CDU of the floor: one that no row names stands at the east end."""
    facility = loaded.site.facility
    rows = facility.floor.rows or (Row(name="row1", racks=facility.rack_names),)
    named = {name for row in rows for name in row.racks}
    for row in rows:
        own = set(row.racks)
        added = [
            cdu.name
            for loop in _loops(loaded)
            for cdu in loop.cdus
            if loop.racks[0] in own
            and cdu.name not in named
            and not loaded.catalogue.cdus[cdu.model].height_units
        ]
        yield row.model_copy(update={"racks": (*row.racks, *added)})


def _loops(loaded: LoadedSite) -> tuple[Loop, ...]:
    return loaded.site.facility.cooling.loops
