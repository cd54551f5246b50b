"""Which models of the catalogue a site has."""

from collections.abc import Iterator

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import Server
from clusterwright.design.plan import HardwareModel, SitePlan

_KINDS = ("servers", "switches", "storage", "cdus", "power_shelves", "pdus", "racks")


def list_models(catalogue: Catalogue, plan: SitePlan) -> tuple[HardwareModel, ...]:
    """Return the models of racks and devices, by kind and name."""
    used = set(_names(plan))
    return tuple(
        HardwareModel(
            name=name,
            kind=kind,
            manufacturer=getattr(entry, "manufacturer", ""),
            title=entry.title,
            part_number=getattr(entry, "part_number", None) or "",
            height_units=getattr(entry, "height_units", None) or 0,
            weight_kg=getattr(entry, "weight_kg", None),
            fabric_kind=getattr(entry, "fabric_kind", ""),
            network_ports=_network_ports(entry) if isinstance(entry, Server) else 0,
        )
        for kind in _KINDS
        for name, entry in sorted(getattr(catalogue, kind).items())
        if name in used
    )


def _network_ports(server: Server) -> int:
    others = [port for port in server.ports if port.role != "management"]
    return len(server.compute_ports) + len(others)


def _names(plan: SitePlan) -> Iterator[str]:
    for host in plan.hosts:
        yield host.server
    yield from (rack.model for rack in plan.racks)
    yield from (server.model for server in plan.storage_servers)
    yield from (switch.model for switch in plan.switches)
    yield from (pdu.model for pdu in plan.pdus)
    yield from (shelf.model for shelf in plan.power_shelves)
    yield from (one.model for one in plan.equipment)
