"""What one entry says of another."""

from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.catalogue.entry import Cable, Entry, RackModel, RackSystem, Server
from clusterwright.errors import DefinitionPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A name in an entry that must be a model of `kind`, which is a folder's name."""

    path: DefinitionPath
    kind: str
    name: str


def references_of(entry: Entry) -> Iterator[Reference]:
    """Yield every other model that an entry names."""
    if isinstance(entry, Server):
        yield from _of_server(entry)
    elif isinstance(entry, RackSystem):
        yield from _of_rack_system(entry)
    elif isinstance(entry, RackModel) and entry.immersion:
        yield Reference(
            path=("immersion", "coolant"), kind="coolants", name=entry.immersion.coolant
        )
    elif isinstance(entry, Cable):
        for i, name in enumerate(entry.transceivers):
            yield Reference(path=("transceivers", i), kind="transceivers", name=name)


def _of_server(server: Server) -> Iterator[Reference]:
    if server.gpus:
        yield Reference(path=("gpus", "model"), kind="gpus", name=server.gpus.model)
    for key in ("compute_ports", "ports"):
        for i, port in enumerate(getattr(server, key)):
            if port.nic:
                yield Reference(path=(key, i, "nic"), kind="nics", name=port.nic)


def _of_rack_system(system: RackSystem) -> Iterator[Reference]:
    yield Reference(path=("rack",), kind="racks", name=system.rack)
    trays = {
        "compute_trays": ("servers", system.compute_trays),
        "power_shelves": ("power_shelves", system.power_shelves),
        "management_switches": ("switches", system.management_switches),
    }
    for key, (kind, tray) in trays.items():
        if tray:
            yield Reference(path=(key, "model"), kind=kind, name=tray.model)
