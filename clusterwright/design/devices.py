"""Nodes, management hosts, switches, put together."""

from collections.abc import Iterable, Mapping, Sequence

from clusterwright.catalogue.entry import Server
from clusterwright.catalogue.entry import Switch as SwitchModel
from clusterwright.design.addresses import Addresses
from clusterwright.design.fabric import plane_ports
from clusterwright.design.mig import lay_out
from clusterwright.design.networks import SwitchPlace
from clusterwright.design.plan import (
    BiosAttribute,
    BootSource,
    Controller,
    Gpus,
    ManagementHost,
    Mount,
    Node,
    NodePort,
    Panel,
    ServiceState,
    StorageServer,
    Switch,
)
from clusterwright.design.power import Cords, NamedPdu, needed_of
from clusterwright.design.racks import RackPlace
from clusterwright.design.seats import Seat
from clusterwright.design.servers import plan_boards
from clusterwright.design.stores import Store
from clusterwright.load import LoadedSite
from clusterwright.model.record import NodeRecord


def plan_node(
    loaded: LoadedSite,
    seat: Seat,
    mounts: Mapping[str, Mount],
    cords: Cords,
    addresses: Addresses,
) -> Node:
    """Return the whole of one node."""
    server, compute = seat.server, loaded.site.fabrics.compute
    name = loaded.site.pins.names.get(seat.name, seat.name)
    record = loaded.record.nodes.get(name, NodeRecord())
    return Node(
        name=seat.name,
        server=seat.model,
        unit=seat.unit,
        index=seat.index,
        pool=seat.pool,
        service_state=ServiceState(record.state),
        mount=mounts[seat.name],
        controller=Controller(
            name=f"{seat.name}-bmc",
            address=addresses.oob[f"{seat.name}-bmc"],
            secret=f"bmc/{seat.name}",
        ),
        address=addresses.inband[seat.name],
        power_supplies=cords.by_device[seat.name],
        power_supplies_needed=server.power_supplies.needed if server.power_supplies else 0,
        boot=BootSource(
            target=server.boot.target, enabled=server.boot.enabled, mode=server.boot.mode
        ),
        bios=_bios(loaded, seat),
        gpus=_gpus(loaded, server, loaded.site.pools[seat.pool].mig),
        ports=tuple(
            NodePort(name=p.name, cage=p.cage, rail=p.rail, speed_gbps=p.speed_gbps)
            for p in plane_ports(server, compute.planes, compute.node_gbps)
        ),
        board_controllers=plan_boards(seat, addresses),
    )


def _bios(loaded: LoadedSite, seat: Seat) -> tuple[BiosAttribute, ...]:
    own = loaded.site.servers.get(seat.model)
    wanted = {**seat.server.bios, **(own.bios if own else {})}
    return tuple(BiosAttribute(name=n, value=v) for n, v in sorted(wanted.items()))


def _gpus(loaded: LoadedSite, server: Server, layout: str) -> Gpus:
    if server.gpus is None:
        raise ValueError(f"{server.title} has no GPUs")  # `model.references` lets none pass
    gpu = loaded.catalogue.gpus[server.gpus.model]
    return Gpus(
        model=gpu.product,
        count=server.gpus.count,
        memory_mib=gpu.memory_mib,
        pcie_width=server.gpus.pcie_width,
        nvswitch=server.gpus.nvswitch,
        mig_devices=lay_out(layout, gpu),
    )


def plan_management(
    loaded: LoadedSite, mounts: Mapping[str, Mount], cords: Cords, addresses: Addresses
) -> tuple[ManagementHost, ...]:
    """Return the hosts that run the site's services."""
    return tuple(
        ManagementHost(
            name=host.name,
            server=host.server,
            mount=mounts[host.name],
            address=addresses.inband[host.name],
            bmc_address=addresses.oob[f"{host.name}-bmc"],
            power_supplies=cords.by_device[host.name],
            power_supplies_needed=_needed(loaded.catalogue.servers[host.server]),
        )
        for host in loaded.site.management
    )


def plan_switches(
    loaded: LoadedSite,
    switches: Iterable[SwitchPlace],
    mounts: Mapping[str, Mount],
    cords: Cords,
    addresses: Addresses,
) -> tuple[Switch, ...]:
    """Return the switches of all networks, leaves first in each."""
    return tuple(
        Switch(
            name=switch.name,
            model=switch.model,
            fabric=switch.fabric,
            tier=switch.tier,
            unit=switch.unit,
            rail=switch.rail,
            ports=switch.ports,
            mount=mounts[switch.name],
            address=addresses.oob[switch.name],
            power_supplies=cords.by_device.get(switch.name, ()),
            power_supplies_needed=_needed(loaded.catalogue.switches[switch.model]),
        )
        for switch in switches
        if switch.present
    )


def plan_stores(
    stores: Sequence[Store], mounts: Mapping[str, Mount], cords: Cords, addresses: Addresses
) -> tuple[StorageServer, ...]:
    """Return the storage servers that are there."""
    return tuple(
        StorageServer(
            name=store.name,
            system=store.system,
            model=store.model,
            mount=mounts[store.name],
            controller=Controller(
                name=f"{store.name}-bmc",
                address=addresses.oob[f"{store.name}-bmc"],
                secret=f"bmc/{store.name}",
            ),
            address=addresses.inband[store.name],
            power_supplies=cords.by_device[store.name],
            power_supplies_needed=(
                needed_of(store.supplies, store.power_watts) if store.supplies else 0
            ),
        )
        for store in stores
        if store.present
    )


def _needed(model: Server | SwitchModel) -> int:
    supplies = model.power_supplies
    return needed_of(supplies, model.power_max_watts or 0) if supplies else 0


def plan_panels(loaded: LoadedSite, mounts: Mapping[str, Mount]) -> tuple[Panel, ...]:
    """Return where links out of the site end."""
    uplinks = loaded.site.fabrics.inband.uplinks
    if uplinks is None:
        return ()
    return (Panel(name=uplinks.panel, mount=mounts[uplinks.panel], ports=uplinks.links),)


def beside_racks(
    loaded: LoadedSite, pdus: Iterable[NamedPdu], racks: Mapping[str, RackPlace]
) -> Mapping[str, Mount]:
    """Return where the ports are of what takes no rack unit.

    PDUs stand upright beside them: half-way up. CDUs on the floor: at the foot of their rack.
    """
    upright = {
        pdu.name: Mount(
            rack=pdu.rack, lowest_unit=racks[pdu.rack].model.height_units // 2, height_units=0
        )
        for pdu in pdus
    }
    on_floor = {
        cdu.name: Mount(rack=cdu.rack or loop.racks[0], lowest_unit=1, height_units=0)
        for loop in loaded.site.facility.cooling.loops
        for cdu in loop.cdus
    }
    return {**upright, **on_floor}
