"""What racks and the floor can hold."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from clusterwright.design.culprits import culprits, fewer
from clusterwright.design.occupant import Occupant
from clusterwright.design.racks import RackPlace
from clusterwright.design.space.elevation import Elevation
from clusterwright.design.space.pins import find_pin_problems
from clusterwright.design.space.sharing import find_sharing_problems
from clusterwright.design.space.suits import find_unsuited
from clusterwright.design.space.weight import kg_on_a_tile, weigh
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_problems(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
    elevation: Elevation,
) -> Iterator[Problem]:
    """Yield racks too small or too weak, devices that do not suit their rack, pins that clash."""
    full: set[str] = set()
    for name, inside in by_rack.items():
        rack = racks[name]
        units = list(_units(rack, inside))
        full |= {name} if units else set()
        yield from chain(units, _load(rack, inside), _tiles(loaded, rack, inside))
    yield from find_unsuited(loaded.catalogue, racks, by_rack)
    yield from find_pin_problems(loaded, elevation, full)
    yield from find_sharing_problems(loaded, by_rack)


def _units(rack: RackPlace, inside: Sequence[Occupant]) -> Iterator[Problem]:
    height = rack.model.height_units
    if sum(o.height_units for o in inside) <= height:
        return
    chosen, others = culprits(inside, lambda one: one.height_units)
    taken = sum(o.height_units for o in others)
    each = chosen[0].height_units
    yield fewer(
        rack.name,
        chosen,
        verb=f"take {each * len(chosen)} rack units",
        beside=f", beside {taken} taken by other equipment" if taken else "",
        limit=f"the rack has {height}",
        fit=max(0, (height - taken) // each),
    )


def _load(rack: RackPlace, inside: Sequence[Occupant]) -> Iterator[Problem]:
    limit_kg = rack.model.load_max_kg
    if limit_kg is not None and not rack.system:
        limit = f"a {rack.group.model} carries {limit_kg:g} kg"
        yield from _too_heavy(rack, inside, limit_kg, limit)


def _tiles(loaded: LoadedSite, rack: RackPlace, inside: Sequence[Occupant]) -> Iterator[Problem]:
    tile = loaded.site.facility.floor.tile
    if tile is None:
        return
    weight = weigh(rack, inside)
    own_kg = weight.own_kg
    most_kg = tile.load_max_kg / kg_on_a_tile(rack, 1.0, tile.side_mm)
    limit = (
        f"on its {rack.model.width_mm} × {rack.model.depth_mm} mm, beside {own_kg:g} kg of its "
        f"own, tiles of {tile.side_mm} mm and {tile.load_max_kg:g} kg bear "
        f"{most_kg - own_kg:.0f} kg"
    )
    if own_kg > most_kg:
        yield Problem(
            path=rack.path,
            value=rack.name,
            rule=f"rack {rack.name} weighs {own_kg:g} kg empty, but on its "
            f"{rack.model.width_mm} × {rack.model.depth_mm} mm, tiles of {tile.side_mm} mm and "
            f"{tile.load_max_kg:g} kg bear {most_kg:.0f} kg: use stronger tiles, or a solid floor",
        )
    else:
        yield from _too_heavy(rack, inside, most_kg - own_kg, limit)


def _too_heavy(
    rack: RackPlace, inside: Sequence[Occupant], limit_kg: float, limit: str
) -> Iterator[Problem]:
    weighed = [one for one in inside if one.weight_kg and not one.built_in]
    if not weighed or sum(one.weight_kg or 0.0 for one in weighed) <= limit_kg:
        return
    chosen, others = culprits(weighed, lambda one: one.weight_kg or 0.0)
    beside_kg = sum(one.weight_kg or 0.0 for one in others)
    each_kg = chosen[0].weight_kg or 0.0
    yield fewer(
        rack.name,
        chosen,
        verb=f"weigh {each_kg * len(chosen):g} kg",
        beside=f", beside {beside_kg:g} kg of other equipment" if beside_kg else "",
        limit=limit,
        fit=max(0, int((limit_kg - beside_kg) // each_kg)),
    )
