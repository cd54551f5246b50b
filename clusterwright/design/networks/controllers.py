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
    """Of a host or a storage server, among all of the site in the order of the definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RackPorts:
    """The ports of one rack: `fixed` ones as built for, in order; then those of newcomers."""

    fixed: tuple[Managed, ...]
    hosts: tuple[Managed, ...] = ()
    stores: tuple[Managed, ...] = ()


def ports_by_rack(
    loaded: LoadedSite,
    seats: Sequence[Seat],
    stores: Sequence[Store],
    switches: Iterable[SwitchPlace],
) -> Mapping[str, RackPorts]:
    """Return the ports of every rack, those named.

    Fixed are PDUs, CDUs, as many nodes as may stand there, and switches.
    """
    racks = loaded.site.facility.rack_names
    fixed, hosts, servers = (
        _by_rack(racks, ports)
        for ports in (_fixed(loaded, seats, switches), _hosts(loaded), _stores(stores))
    )
    return {
        rack: RackPorts(
            fixed=tuple(fixed[rack]), hosts=tuple(hosts[rack]), stores=tuple(servers[rack])
        )
        for rack in racks
    }


def ports_to_come(loaded: LoadedSite, group: RackGroup) -> RackPorts:
    """Return the ports of a rack that its group is built for, and that is not there yet."""
    pdus = [Managed(tier="pdu")] * len(power_devices(loaded)[group.names[0]])
    return RackPorts(fixed=(*pdus, *[Managed(tier="node")] * nodes_per_rack(loaded, group)))


InRack = tuple[str, Managed]


def _by_rack(racks: Iterable[str], ports: Iterable[InRack]) -> dict[str, list[Managed]]:
    inside: dict[str, list[Managed]] = {rack: [] for rack in racks}
    for rack, port in ports:
        inside[rack].append(port)
    return inside


def _fixed(
    loaded: LoadedSite, seats: Sequence[Seat], switches: Iterable[SwitchPlace]
) -> Iterator[InRack]:
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


def _hosts(loaded: LoadedSite) -> Iterator[InRack]:
    for ordinal, host in enumerate(loaded.site.management):
        bmc = _bmc(loaded.catalogue.servers[host.server])
        yield host.rack, Managed(tier="host", device=host.name, port=bmc, ordinal=ordinal)


def _stores(stores: Sequence[Store]) -> Iterator[InRack]:
    for ordinal, store in enumerate(stores):
        name = store.name if store.present else ""
        for cage in store.oob_ports:
            yield store.rack, Managed(tier="storage", device=name, port=cage, ordinal=ordinal)


def _nvlink_trays(loaded: LoadedSite) -> Iterator[tuple[str, Managed]]:
    for group in loaded.site.facility.racks:
        system = loaded.catalogue.rack_systems.get(group.system or "")
        for rack in group.names if system else ():
            for k in range(system.nvlink_trays.count if system else 0):
                name = nvlink_tray_name(rack, k)
                yield rack, Managed(tier="nvlink", device=name, port="BMC")


def _nodes(loaded: LoadedSite, seats: Sequence[Seat]) -> Iterator[InRack]:
    """Yield nodes, and keep ports for as many as may stand in a rack, whichever unit brings them.

    A rack of switches keeps none, unless nodes stand in it already.
    """
    inside: dict[str, list[Seat]] = {rack: [] for rack in loaded.site.facility.rack_names}
    for seat in seats:
        inside[seat.rack].append(seat)
    bmcs = {seat.model: _bmc(seat.server) for seat in seats}
    of_switches = _racks_of_switches(loaded)
    for group in loaded.site.facility.racks:
        most = nodes_per_rack(loaded, group)
        for rack in group.names:
            for seat in inside[rack]:
                node = Managed(tier="node", device=seat.name, port=bmcs[seat.model])
                yield rack, Managed(tier="node") if seat.hole else node
            places = 0 if rack in of_switches and not inside[rack] else most
            yield from [(rack, Managed(tier="node"))] * (places - len(inside[rack]))


def _racks_of_switches(loaded: LoadedSite) -> set[str]:
    fabrics = loaded.site.fabrics
    clos = [fabric for fabric in (fabrics.compute, fabrics.storage) if fabric]
    panel = fabrics.inband.uplinks
    return {
        *(rack for fabric in clos for rack in (*fabric.racks, *fabric.spine_racks)),
        *fabrics.inband.racks,
        *fabrics.oob.racks,
        *([panel.rack] if panel else ()),
    }


def nodes_per_rack(loaded: LoadedSite, group: RackGroup) -> int:
    """Return how many nodes may stand in a rack of the group: of the site's models, by their size.

    Units to come bring the same models, to whichever racks are free.
    """
    system = loaded.catalogue.rack_systems.get(group.system or "")
    if system:
        return system.compute_trays.count
    height = loaded.catalogue.racks[group.model].height_units
    watts = round(group.power_limit_kw * 1000)
    return max((_most(one, height, watts) for one in _models(loaded)), default=0)


def _models(loaded: LoadedSite) -> list[Server]:
    """Return the models of nodes that do not come with their rack."""
    trays = {one.compute_trays.model for one in loaded.catalogue.rack_systems.values()}
    names = {group.server for unit in loaded.site.compute for group in unit.groups}
    return [loaded.catalogue.servers[name] for name in sorted(names - trays)]


def _most(server: Server, height_units: int, watts: int) -> int:
    by_height = height_units // server.height_units
    return min(by_height, watts // server.power_max_watts) if server.power_max_watts else by_height


def _bmc(server: Server) -> str:
    ports = ports_for(server, "management")
    return ports[0].name if ports else "BMC"
