"""What racks and the floor can hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from clusterwright.design import article
from clusterwright.design.culprits import NOWHERE, Way, culprits, fewer
from clusterwright.design.occupant import Occupant
from clusterwright.design.power import Room
from clusterwright.design.racks import RackPlace
from clusterwright.design.space.elevation import Elevation
from clusterwright.design.space.larger import larger_cabinet
from clusterwright.design.space.pins import find_pin_problems
from clusterwright.design.space.sharing import find_sharing_problems
from clusterwright.design.space.suits import find_unsuited
from clusterwright.design.space.weight import kg_on_a_tile, weigh
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite

Larger = Callable[[DefinitionPath], Way]
"""Names a cabinet for a group of racks in which all fits."""


def find_problems(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    room: Room,
    elevation: Elevation,
) -> Iterator[Problem]:
    """Yield racks too small or too weak, devices that do not suit their rack, pins that clash."""

    @cache
    def larger(group: DefinitionPath) -> Way:
        return larger_cabinet(loaded.catalogue, racks, group, room)

    full: set[str] = set()
    for name, inside in room.by_rack.items():
        rack = racks[name]
        units = list(_units(rack, inside, room, larger))
        full |= {name} if units else set()
        load = _load(rack, inside, room, larger)
        yield from chain(units, load, _tiles(loaded, rack, inside, room))
    yield from find_unsuited(loaded.catalogue, racks, room.by_rack)
    yield from find_pin_problems(loaded, elevation, full)
    yield from find_sharing_problems(loaded, room.by_rack)


def _units(
    rack: RackPlace, inside: Sequence[Occupant], room: Room, larger: Larger
) -> Iterator[Problem]:
    height = rack.model.height_units
    if sum(o.height_units for o in inside) <= height:
        return
    chosen, taken, fit = _blamed(inside, lambda one: one.height_units, height)
    yield fewer(
        rack.name,
        chosen,
        verb=f"take {chosen[0].height_units * len(chosen)} rack units",
        beside=f", beside {taken:g} taken by other equipment" if taken else "",
        limit=f"the rack has {height}",
        fit=fit,
        elsewhere=room.elsewhere(chosen[0]),
        larger=lambda: larger(rack.path),
    )


def _blamed(
    inside: Sequence[Occupant], measure: Callable[[Occupant], float], limit: float
) -> tuple[Sequence[Occupant], float, int]:
    """Return of which devices there are too many, what the others take, and how many fit.

    Where even one node does not fit beside what else is there, that is what has to go.
    """
    chosen, others = culprits(inside, measure)
    taken, each = sum(map(measure, others)), measure(chosen[0])
    if chosen[0].spread and taken + each > limit >= each and others:
        chosen, others = culprits([one for one in others if measure(one)], measure)
        gone = {one.name for one in chosen}
        taken = sum(measure(one) for one in inside if one.name not in gone)
    return chosen, taken, max(0, int((limit - taken) // measure(chosen[0])))


def _load(
    rack: RackPlace, inside: Sequence[Occupant], room: Room, larger: Larger
) -> Iterator[Problem]:
    limit_kg = rack.model.load_max_kg
    if limit_kg is not None and not rack.system:
        limit = f"{article.one(rack.group.model)} carries {limit_kg:g} kg"
        yield from _too_heavy(rack, inside, room, limit_kg, limit, larger)


def _tiles(
    loaded: LoadedSite, rack: RackPlace, inside: Sequence[Occupant], room: Room
) -> Iterator[Problem]:
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
        yield from _too_heavy(rack, inside, room, most_kg - own_kg, limit)


def _too_heavy(  # noqa: PLR0913, PLR0917 - the parts of one sentence
    rack: RackPlace,
    inside: Sequence[Occupant],
    room: Room,
    limit_kg: float,
    limit: str,
    larger: Larger = lambda _: (NOWHERE, ()),
) -> Iterator[Problem]:
    weighed = [one for one in inside if one.weight_kg and not one.built_in]
    if not weighed or sum(one.weight_kg or 0.0 for one in weighed) <= limit_kg:
        return
    chosen, beside_kg, fit = _blamed(weighed, lambda one: one.weight_kg or 0.0, limit_kg)
    yield fewer(
        rack.name,
        chosen,
        verb=f"weigh {(chosen[0].weight_kg or 0.0) * len(chosen):g} kg",
        beside=f", beside {beside_kg:g} kg of other equipment" if beside_kg else "",
        limit=limit,
        fit=fit,
        elsewhere=room.elsewhere(chosen[0]),
        larger=lambda: larger(rack.path),
    )
