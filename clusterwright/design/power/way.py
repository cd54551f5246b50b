"""What helps a rack that carries too much where fewer of its nodes do not."""

from clusterwright.design.culprits import Remedy
from clusterwright.design.occupant import Occupant
from clusterwright.design.power.alone import Fits, helps_alone
from clusterwright.design.power.blame import Culprits
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.design.power.replacement import other_pdus, pdus_for_fewer
from clusterwright.design.power.room import rooms_of
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite


def find_way(
    loaded: LoadedSite, circuits: Circuits, one: RackCircuit, chosen: Culprits, fits: Fits
) -> tuple[str, Remedy]:
    """Return other PDUs, else another rack, else PDUs for fewer nodes; else what is lacking."""
    text, remedy = other_pdus(loaded, circuits, one)
    if not remedy:
        text, remedy = _elsewhere(circuits, one, chosen, fits) or (text, remedy)
    if not remedy:
        text, remedy = pdus_for_fewer(loaded, circuits, one)
    return (text, remedy) if remedy else (helps_alone(one, fits) or text, ())


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
