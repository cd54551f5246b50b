"""Where else devices could stand: racks with units, watts and outlets to spare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.circuit import Circuits, connect
from clusterwright.design.power.feeding import Feeding
from clusterwright.design.power.replacement import sound
from clusterwright.design.racks import RackPlace
from clusterwright.errors import DefinitionPath

DEPTH_FOR_CABLES_MM = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The racks of a site with what stands in them."""

    racks: Mapping[str, RackPlace]
    by_rack: Mapping[str, Sequence[Occupant]]
    feedings: Mapping[DefinitionPath, Feeding]
    bear_kg: Mapping[str, float]
    """What racks may hold, where anything limits that."""

    def elsewhere(
        self, one: Occupant, may: Callable[[str], bool] = lambda _: True
    ) -> tuple[tuple[str, ...], Remedy]:
        """Return racks that hold all devices placed as this one is, and the edit that says so.

        They are as few as do; those that have some of these devices come first. None where the
        definition does not place it, or no racks do.
        """
        path = _racks_path(one)
        if path is None:
            return (), ()
        together = [o for inside in self.by_rack.values() for o in inside if o.path == one.path]
        here = list(dict.fromkeys(o.rack for o in together))
        single = path[-1] == "rack"
        order = [*here, *(name for name in self.racks if name not in here)]
        room = {name: self._room(name, together) for name in order if may(name)}
        for count in range(1, 2 if single else len(room) + 1):
            share = -(-len(together) // count)
            fit = [name for name, most in room.items() if most >= share]
            chosen = tuple(fit[:count])
            if len(chosen) == count and chosen != tuple(here):
                return chosen, ((path, chosen[0] if single else f"[{', '.join(chosen)}]"),)
        return (), ()

    def _room(self, name: str, moved: Sequence[Occupant]) -> int:
        """Return how many of these devices a rack takes beside all others that are in it."""
        rack, gone = self.racks[name], {one.name for one in moved}
        left = [one for one in self.by_rack.get(name, ()) if one.name not in gone]
        model, first = rack.model, moved[0]
        deep = (first.depth_mm or 0) + DEPTH_FOR_CABLES_MM
        if rack.system or model.busbar or model.immersion or deep > model.depth_mm:
            return 0
        units = model.height_units - sum(one.height_units for one in left)
        watts = rack.power_limit_watts - sum(one.power_watts for one in left)
        load_kg = sum(one.weight_kg or 0 for one in left)
        most = min(len(moved), units // (first.height_units or 1))
        if first.power_watts:
            most = min(most, watts // first.power_watts)
        if name in self.bear_kg and first.weight_kg:
            most = min(most, int((self.bear_kg[name] - load_kg) // first.weight_kg))
        return self._powered(name, left, [replace(one, rack=name) for one in moved[: max(0, most)]])

    def _powered(self, name: str, left: Sequence[Occupant], more: Sequence[Occupant]) -> int:
        feeding = self.feedings[self.racks[name].path]
        for count in range(len(more), 0, -1):
            inside = [*left, *more[:count]]
            if feeding.pdu and sound(connect(feeding, inside), inside):
                return count
        return 0


def rooms_of(
    circuits: Circuits,
    by_rack: Mapping[str, Sequence[Occupant]],
    bear_kg: Mapping[str, float],
) -> Room:
    """Return the racks of these circuits, as they are filled."""
    return Room(
        racks={name: one.rack for name, one in circuits.items()},
        by_rack=by_rack,
        feedings={one.rack.path: one.feeding for one in circuits.values()},
        bear_kg=bear_kg,
    )


def _racks_path(one: Occupant) -> DefinitionPath | None:
    """Return the key of the definition that says where a device stands."""
    if one.kind == "switch" and one.path[-1] in {"racks", "spine_racks"}:
        return one.path
    if one.kind == "switch" and one.path[-1] == "switch":
        return (*one.path[:-1], "racks")
    if one.kind == "storage":
        return (*one.path[:2], "racks")
    return (*one.path, "rack") if one.kind in {"host", "panel"} else None
