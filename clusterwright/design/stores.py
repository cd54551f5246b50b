"""Which storage server stands in which rack, and what ports it has."""

from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.catalogue.entry import PowerSupplies, Server, StorageSystem
from clusterwright.design.host_ports import HostPort, first, ports_for
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.storage import StorageServers

UNKNOWN_UNITS = 1
"""What is kept in its rack for a system whose height nobody says; that it fits is not proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A storage server before it has addresses. One that is not `present` is yet to come."""

    name: str
    system: str
    """The entry of the definition that it belongs to."""
    model: str
    rack: str
    path: DefinitionPath
    present: bool
    unit: int
    """The scalable unit whose leaves it shares, where storage has none of its own."""
    ports: tuple[HostPort, ...]
    """Into the storage fabric."""
    inband_ports: tuple[HostPort, ...]
    oob_ports: tuple[str, ...]
    height_units: int
    power_watts: int
    supplies: PowerSupplies | None
    unknown: tuple[str, ...]


def list_stores(loaded: LoadedSite) -> tuple[Store, ...]:
    """Return every storage server as built for, in the order of the definition."""
    return tuple(
        store
        for ordinal, servers in enumerate(loaded.site.storage)
        for store in _stores(loaded, ordinal, servers)
    )


def model_of(loaded: LoadedSite, servers: StorageServers) -> Server | StorageSystem:
    """Return the catalogue's entry, be it a server or a storage system."""
    server = loaded.catalogue.servers.get(servers.model)
    return server or loaded.catalogue.storage[servers.model]


def _stores(loaded: LoadedSite, ordinal: int, servers: StorageServers) -> Iterator[Store]:
    model = model_of(loaded, servers)
    ports, inband_ports = _ports(model, servers)
    units = [unit.name for unit in loaded.site.compute]
    for place, rack in enumerate(_racks(servers)):
        yield Store(
            name=f"{servers.name}-{place + 1}",
            system=servers.name,
            model=servers.model,
            rack=rack,
            path=("storage", ordinal, "count"),
            present=place < servers.count,
            unit=units.index(servers.unit) if servers.unit else 0,
            ports=ports,
            inband_ports=inband_ports,
            oob_ports=_oob_ports(model, servers.oob_ports),
            height_units=model.height_units or UNKNOWN_UNITS,
            power_watts=model.power_max_watts or 0,
            supplies=model.power_supplies if isinstance(model, Server) else None,
            unknown=_unknown(model),
        )


def _racks(servers: StorageServers) -> Iterator[str]:
    """Fill racks in order as built for, each with its even share: so filling up moves nothing."""
    share, rest = divmod(servers.places, len(servers.racks))
    for ordinal, rack in enumerate(servers.racks):
        yield from [rack] * (share + (1 if ordinal < rest else 0))


def _ports(
    model: Server | StorageSystem, servers: StorageServers
) -> tuple[tuple[HostPort, ...], tuple[HostPort, ...]]:
    if isinstance(model, Server):
        known, inband = ports_for(model, "storage"), ports_for(model, "in-band")
    else:
        speed_gbps = model.port_speed_gbps
        known = tuple(
            HostPort(name=f"P{n + 1}", speed_gbps=speed_gbps) for n in range(model.ports or 0)
        )
        inband = ()
    wanted = len(known) if servers.ports is None else servers.ports
    wanted_inband = len(inband) if servers.inband_ports is None else servers.inband_ports
    return first(wanted, known, "P"), first(wanted_inband, inband, "ETH")


def _oob_ports(model: Server | StorageSystem, count: int) -> tuple[str, ...]:
    known = ports_for(model, "management") if isinstance(model, Server) else ()
    return tuple(port.name for port in first(count, known, "BMC"))


def _unknown(model: Server | StorageSystem) -> tuple[str, ...]:
    if isinstance(model, Server):
        return model.unknown
    missing = () if model.power_max_watts is not None else ("power_max_watts",)
    height = () if model.height_units is not None else ("height_units",)
    return (*missing, "power_supplies", *height)
