"""What helps a rack that carries too much where fewer of its nodes do not."""

from collections.abc import Callable, Sequence

from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.blame import Culprits
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.design.power.replacement import other_pdus, pdus_for_fewer
from clusterwright.design.power.room import rooms_of
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite

Fits = Callable[[Sequence[Occupant]], bool]
"""Whether all is well with these devices alone."""


def find_way(
    loaded: LoadedSite, circuits: Circuits, one: RackCircuit, chosen: Culprits, fits: Fits
) -> tuple[str, Remedy]:
    """Return other PDUs, else another rack, else PDUs for fewer nodes."""
    text, remedy = other_pdus(loaded, circuits, one)
    if not remedy:
        text, remedy = _elsewhere(circuits, one, chosen, fits) or (text, remedy)
    return (text, remedy) if remedy else pdus_for_fewer(loaded, circuits, one)


def _elsewhere(
    circuits: Circuits, one: RackCircuit, chosen: Culprits, fits: Fits
) -> tuple[str, Remedy] | None:
    """Look for racks that take the culprits, else others without which all is well here."""
    room = rooms_of(circuits, {name: c.inside for name, c in circuits.items()}, {})
    moved: dict[DefinitionPath, list[Occupant]] = {chosen.path: []}
    for device in one.inside:
        moved.setdefault(device.path, []).append(device)
    for path, devices in moved.items():
        blamed = path == chosen.path
        if blamed or fits([o for o in one.inside if o.path != path]):
            racks, remedy = room.elsewhere(devices[0])
            if remedy:
                what = "" if blamed else f" for {len(devices)} × {devices[0].model}"
                return f"use rack{'s' * (len(racks) > 1)} {', '.join(racks)}{what}", remedy
    return None
