"""What racks weigh, and what stands on each square of the floor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.occupant import Occupant
from clusterwright.design.racks import RackPlace
from clusterwright.load import LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Kilograms of a rack as far as they are known, and which models nobody has weighed.

    `load_kg` is what stands in it, places for what is to come included; `own_kg` the cabinet.
    """

    load_kg: float
    own_kg: float
    unknown_load: tuple[str, ...]
    unknown_own: tuple[str, ...]

    @property
    def total_kg(self) -> float:
        return self.load_kg + self.own_kg

    @property
    def unknown(self) -> tuple[str, ...]:
        return (*self.unknown_own, *self.unknown_load)


def weigh(rack: RackPlace, inside: Sequence[Occupant]) -> Weight:
    """Return the weight of a rack; one that is bought whole is weighed whole, with its cabinet."""
    whole = rack.system
    added = [one for one in inside if not one.built_in]
    unknown = dict.fromkeys(one.model for one in added if one.weight_kg is None)
    own_kg = whole.weight_kg if whole else rack.model.weight_kg
    own = rack.group.system or rack.group.model
    return Weight(
        load_kg=sum(one.weight_kg or 0.0 for one in added),
        own_kg=own_kg or 0.0,
        unknown_load=tuple(unknown),
        unknown_own=() if own_kg else (own,),
    )


def bearing(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> Mapping[str, float]:
    """Return what each rack may hold in kilograms, where cabinet or floor limit that."""
    tile, most_kg = loaded.site.facility.floor.tile, {}
    for name, rack in racks.items():
        limits = [rack.model.load_max_kg] if rack.model.load_max_kg is not None else []
        if tile:
            on_floor_kg = tile.load_max_kg / kg_on_a_tile(rack, 1.0, tile.side_mm)
            limits.append(on_floor_kg - weigh(rack, ()).own_kg)
        if limits:
            most_kg[name] = min(limits)
    return most_kg


def kg_on_a_tile(rack: RackPlace, kg: float, side_mm: int) -> float:
    """Return what a tile bears that lies wholly under such racks, which spread their weight."""
    return kg * side_mm**2 / (rack.model.width_mm * rack.model.depth_mm)
