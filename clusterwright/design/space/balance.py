"""How much of each rack is taken, and how much its floor bears."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Usage
from clusterwright.design.racks import RackPlace
from clusterwright.design.space.weight import kg_on_a_tile, weigh
from clusterwright.load import LoadedSite
from clusterwright.model.floor import Tile


def find_usages(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
) -> Iterator[Usage]:
    """Yield units and kilograms, those kept for what is to come included."""
    for name, rack in racks.items():
        inside = by_rack.get(name, ())
        yield _usage(
            name,
            "rack units",
            sum(one.height_units for one in inside),
            rack.model.height_units,
            "U",
        )
        yield from _kilograms(rack, inside, loaded.site.facility.floor.tile)


def _kilograms(rack: RackPlace, inside: Sequence[Occupant], tile: Tile | None) -> Iterator[Usage]:
    """Yield what the cabinet carries and what a tile bears, where that is known whole."""
    weight = weigh(rack, inside)
    load_max_kg = rack.model.load_max_kg
    if load_max_kg and not rack.system and not weight.unknown_load:
        yield _usage(rack.name, "load", round(weight.load_kg, 1), load_max_kg, "kg")
    if tile and not weight.unknown:
        kg = kg_on_a_tile(rack, weight.total_kg, tile.side_mm)
        yield _usage(rack.name, "floor tile", round(kg, 1), tile.load_max_kg, "kg")


def _usage(rack: str, limit: str, used: float, allowed: float, unit: str) -> Usage:
    return Usage(
        layer="space",
        subject=f"rack {rack}",
        limit=limit,
        used=used,
        allowed=allowed,
        unit=unit,
    )
