"""Whatever stands in a rack, as drawings, sheets and other people's programs list it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from clusterwright.design.plan import Mount, PowerSupply, SitePlan

PANEL = "panel"
"""What stands for the model of a panel: the catalogue has none."""
_USES = {"cdu": "cooling", "power-shelf": "power"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device in a rack. `use` is what it serves: a pool of nodes, a network, management.

    `role` is what it is; `address` is where it is reached, `controller_address` where its
    controller is.
    """

    name: str
    model: str
    role: str
    use: str
    mount: Mount
    about: str
    address: IPv4Address | None
    controller_address: IPv4Address | None
    power_supplies: tuple[PowerSupply, ...]


def list_devices(plan: SitePlan) -> Iterator[Device]:
    """Yield every mounted device: hosts, switches, what serves the racks, panels."""
    yield from _management(plan)
    yield from _nodes(plan)
    yield from _storage(plan)
    yield from _switches(plan)
    yield from _shelves(plan)
    yield from _equipment(plan)
    yield from _panels(plan)


def _management(plan: SitePlan) -> Iterator[Device]:
    for host in plan.management_hosts:
        yield Device(
            name=host.name,
            model=host.server,
            role="management",
            use="management",
            mount=host.mount,
            about="site services",
            address=host.address,
            controller_address=host.bmc_address,
            power_supplies=host.power_supplies,
        )


def _nodes(plan: SitePlan) -> Iterator[Device]:
    for node in plan.nodes:
        yield Device(
            name=node.name,
            model=node.server,
            role="node",
            use=node.pool,
            mount=node.mount,
            about=f"{node.gpus.count} × {node.gpus.model}",
            address=node.address,
            controller_address=node.controller.address,
            power_supplies=node.power_supplies,
        )


def _storage(plan: SitePlan) -> Iterator[Device]:
    for server in plan.storage_servers:
        yield Device(
            name=server.name,
            model=server.model,
            role="storage",
            use="storage",
            mount=server.mount,
            about=server.system,
            address=server.address,
            controller_address=server.controller.address,
            power_supplies=server.power_supplies,
        )


def _switches(plan: SitePlan) -> Iterator[Device]:
    for switch in plan.switches:
        yield Device(
            name=switch.name,
            model=switch.model,
            role=switch.tier,
            use=f"{network_of(switch.fabric)} network",
            mount=switch.mount,
            about=f"{switch.ports} ports",
            address=switch.address,
            controller_address=None,
            power_supplies=switch.power_supplies,
        )


def network_of(fabric: str) -> str:
    """Return the network that a fabric is a plane of: compute of `compute-p2`."""
    return fabric.partition("-p")[0]


def _shelves(plan: SitePlan) -> Iterator[Device]:
    for shelf in plan.power_shelves:
        yield Device(
            name=shelf.name,
            model=shelf.model,
            role="power shelf",
            use="power",
            mount=shelf.mount,
            about=f"{shelf.capacity_watts / 1000:g} kW to the busbar",
            address=None,
            controller_address=shelf.controller.address,
            power_supplies=(),
        )


def _equipment(plan: SitePlan) -> Iterator[Device]:
    controllers = {loop.cdu: loop.controller.address for loop in plan.loops}
    for one in plan.equipment:
        if one.mount:
            yield Device(
                name=one.name,
                model=one.model,
                role=one.kind.replace("-", " "),
                use=_USES.get(one.kind, "nvlink"),
                mount=one.mount,
                about="",
                address=None,
                controller_address=controllers.get(one.name),
                power_supplies=(),
            )


def _panels(plan: SitePlan) -> Iterator[Device]:
    for panel in plan.panels:
        yield Device(
            name=panel.name,
            model=PANEL,
            role="panel",
            use="panels",
            mount=panel.mount,
            about=f"{panel.ports} ports",
            address=None,
            controller_address=None,
            power_supplies=(),
        )


def devices_by_rack(plan: SitePlan) -> Mapping[str, list[Device]]:
    """Return what stands in each rack, from the floor up; a rack may be empty."""
    inside: dict[str, list[Device]] = {rack.name: [] for rack in plan.racks}
    for device in list_devices(plan):
        inside[device.mount.rack].append(device)
    for devices in inside.values():
        devices.sort(key=lambda device: device.mount.lowest_unit)
    return inside
