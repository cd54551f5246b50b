"""Every port that the out-of-band network serves, rack by rack."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Server
from clusterwright.design.host_ports import ports_for
from clusterwright.design.networks.place import SwitchPlace
from clusterwright.design.power import power_devices
from clusterwright.design.rack_system import nvlink_tray_name
from clusterwright.design.seats import Seat
from clusterwright.design.stores import Store
from clusterwright.load import LoadedSite
from clusterwright.model.facility import RackGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """A port for management, and what sort of device it is of; one without `device` is kept."""

    tier: str
    device: str = ""
    port: str = ""
    ordinal: int = 0
    """Of a storage server, among all of the site as built for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RackPorts:
    """The ports of one rack as built for: `fixed` ones in order, then storage servers."""

    fixed: tuple[Managed, ...]
    stores: tuple[Managed, ...]


def ports_by_rack(
    loaded: LoadedSite,
    seats: Sequence[Seat],
    stores: Sequence[Store],
    switches: Iterable[SwitchPlace],
) -> Mapping[str, RackPorts]:
    """Return the ports of every rack, those named.

    Fixed are PDUs, CDUs, as many nodes as fit into a rack of its group, switches, management hosts.
    """
    fixed: dict[str, list[Managed]] = {rack: [] for rack in loaded.site.facility.rack_names}
    for rack, port in _fixed(loaded, seats, switches):
        fixed[rack].append(port)
    servers: dict[str, list[Managed]] = {rack: [] for rack in fixed}
    for ordinal, store in enumerate(stores):
        name = store.name if store.present else ""
        for cage in store.oob_ports:
            managed = Managed(tier="storage", device=name, port=cage, ordinal=ordinal)
            servers[store.rack].append(managed)
    return {
        rack: RackPorts(fixed=tuple(ports), stores=tuple(servers[rack]))
        for rack, ports in fixed.items()
    }


def ports_to_come(loaded: LoadedSite, group: RackGroup, seats: Sequence[Seat]) -> RackPorts:
    """Return the ports of a rack that its group is built for, and that is not there yet."""
    pdus = [Managed(tier="pdu")] * len(power_devices(loaded)[group.names[0]])
    nodes = [Managed(tier="node")] * _nodes_per_rack(loaded, group, seats)
    return RackPorts(fixed=(*pdus, *nodes), stores=())


def _fixed(
    loaded: LoadedSite, seats: Sequence[Seat], switches: Iterable[SwitchPlace]
) -> Iterator[tuple[str, Managed]]:
    site, by_rack = loaded.site, power_devices(loaded)
    for rack in site.facility.rack_names:
        for name in by_rack[rack]:
            yield rack, Managed(tier="pdu", device=name, port="NET")
    for loop in site.facility.cooling.loops:
        for cdu in loop.cdus:
            yield cdu.rack or loop.racks[0], Managed(tier="cdu", device=cdu.name, port="NET")
    yield from _nvlink_trays(loaded)
    yield from _nodes(loaded, seats)
    for switch in switches:
        port = Managed(tier="switch", device=switch.name, port="MGMT")
        yield switch.rack, port if switch.present else Managed(tier="switch")
    for host in site.management:
        bmc = _bmc(loaded.catalogue.servers[host.server])
        yield host.rack, Managed(tier="host", device=host.name, port=bmc)


def _nvlink_trays(loaded: LoadedSite) -> Iterator[tuple[str, Managed]]:
    for group in loaded.site.facility.racks:
        system = loaded.catalogue.rack_systems.get(group.system or "")
        for rack in group.names if system else ():
            for k in range(system.nvlink_trays.count if system else 0):
                name = nvlink_tray_name(rack, k)
                yield rack, Managed(tier="nvlink", device=name, port="BMC")


def _nodes(loaded: LoadedSite, seats: Sequence[Seat]) -> Iterator[tuple[str, Managed]]:
    inside: dict[str, list[Seat]] = {rack: [] for rack in loaded.site.facility.rack_names}
    for seat in seats:
        inside[seat.rack].append(seat)
    bmcs = {seat.model: _bmc(seat.server) for seat in seats}
    for group in loaded.site.facility.racks:
        places = _nodes_per_rack(loaded, group, seats)
        for rack in group.names:
            for seat in inside[rack]:
                node = Managed(tier="node", device=seat.name, port=bmcs[seat.model])
                yield rack, Managed(tier="node") if seat.hole else node
            yield from [(rack, Managed(tier="node"))] * (places - len(inside[rack]))


def _nodes_per_rack(loaded: LoadedSite, group: RackGroup, seats: Sequence[Seat]) -> int:
    """Return how many nodes fit into a rack of the group, by height and by power."""
    names = set(group.names)
    servers = {seat.model: seat.server for seat in seats if seat.rack in names}
    height = loaded.catalogue.racks[group.model].height_units
    watts = round(group.power_limit_kw * 1000)
    return max(
        (
            min(height // one.height_units, watts // one.power_max_watts)
            if one.power_max_watts
            else height // one.height_units
            for one in servers.values()
        ),
        default=0,
    )


def _bmc(server: Server) -> str:
    ports = ports_for(server, "management")
    return ports[0].name if ports else "BMC"
