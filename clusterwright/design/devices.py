"""Nodes, management hosts, switches, put together."""

from collections.abc import Mapping, Sequence

from clusterwright.catalogue.entry import Server
from clusterwright.design.addresses import Addresses
from clusterwright.design.fabric import SwitchRole, plane_ports
from clusterwright.design.mig import lay_out
from clusterwright.design.plan import (
    BiosAttribute,
    BootSource,
    Controller,
    Gpus,
    ManagementHost,
    Mount,
    Node,
    NodePort,
    ServiceState,
    Switch,
)
from clusterwright.design.power import Cords
from clusterwright.design.seats import Seat
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
    server = seat.server
    record = loaded.record.nodes.get(seat.name, NodeRecord())
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
            address=addresses.oob_of_node(seat.unit_ordinal, seat.index),
            secret=f"bmc/{seat.name}",
        ),
        address=addresses.inband_of_node(seat.unit_ordinal, seat.index),
        power_supplies=cords.by_device[seat.name],
        power_supplies_needed=server.power_supplies.needed if server.power_supplies else 0,
        boot=BootSource(
            target=server.boot.target, enabled=server.boot.enabled, mode=server.boot.mode
        ),
        bios=tuple(BiosAttribute(name=n, value=v) for n, v in sorted(server.bios.items())),
        gpus=_gpus(loaded, server, loaded.site.pools[seat.pool].mig),
        ports=tuple(
            NodePort(name=p.name, cage=p.cage, rail=p.rail, speed_gbps=p.speed_gbps)
            for p in plane_ports(server, loaded.site.fabrics.compute.planes)
        ),
    )


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
            address=addresses.inband_of_management(host.name),
            power_supplies=cords.by_device[host.name],
        )
        for host in loaded.site.management
    )


def plan_switches(
    loaded: LoadedSite,
    switches: Sequence[SwitchRole | None],
    mounts: Mapping[str, Mount],
    cords: Cords,
    addresses: Addresses,
) -> tuple[Switch, ...]:
    """Return the compute fabric's switches, leaves first."""
    return tuple(
        Switch(
            name=switch.name,
            model=loaded.site.fabrics.compute.switch,
            fabric=switch.fabric,
            tier=switch.tier,
            unit=switch.unit,
            rail=switch.rail,
            ports=switch.ports,
            mount=mounts[switch.name],
            address=addresses.oob_of_device(switch.name),
            power_supplies=cords.by_device[switch.name],
        )
        for switch in switches
        if switch
    )
