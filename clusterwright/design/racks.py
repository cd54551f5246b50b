"""Which racks there are, and where on the floor each stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.catalogue.entry import RackModel
from clusterwright.design.plan.space import Direction
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.facility import RackGroup, Row


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
    places = {place.name: place for place in _places(loaded)}
    return {name: places[name] for name in loaded.site.facility.rack_names}


def _places(loaded: LoadedSite) -> Iterator[RackPlace]:
    floor = loaded.site.facility.floor
    groups = {
        name: (("facility", "racks", i), group)
        for i, group in enumerate(loaded.site.facility.racks)
        for name in group.names
    }
    y_mm = 0
    for ordinal, row in enumerate(floor.rows or (_one_row(loaded),)):
        x_mm = 0
        depth_mm = max(_model(loaded, groups[name][1]).depth_mm for name in row.racks)
        for place, name in enumerate(row.racks):
            path, group = groups[name]
            model = _model(loaded, group)
            yield RackPlace(
                name=name,
                group=group,
                path=path,
                model=model,
                row=row.name,
                place=place,
                x_mm=x_mm,
                y_mm=y_mm,
                front="north" if ordinal % 2 else "south",
            )
            x_mm += model.width_mm
        aisle_m = floor.hot_aisle_m if ordinal % 2 else floor.cold_aisle_m
        y_mm += depth_mm + round(aisle_m * 1000)


def _model(loaded: LoadedSite, group: RackGroup) -> RackModel:
    return loaded.catalogue.racks[group.model]


def _one_row(loaded: LoadedSite) -> Row:
    return Row(name="row1", racks=loaded.site.facility.rack_names)
