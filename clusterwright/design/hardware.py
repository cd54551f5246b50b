"""What the record knows of the devices of a plan."""

from collections.abc import Iterator, Mapping

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import Server
from clusterwright.design.plan import Hardware, HardwareAddress, PortAddress, SitePlan
from clusterwright.model.record import CONTROLLER, DeviceRecord, Record


def list_hardware(plan: SitePlan, record: Record) -> tuple[Hardware, ...]:
    """Return what stands at the names of the plan, in the order of the names."""
    if not record.devices:
        return ()
    names = set(device_names(plan))
    return tuple(
        _hardware(name, device) for name, device in sorted(record.devices.items()) if name in names
    )


def list_addresses(
    plan: SitePlan, record: Record, catalogue: Catalogue
) -> tuple[HardwareAddress, ...]:
    """Return the MAC of every name that has an address and whose port is known."""
    if not record.devices:
        return ()
    found = {name: mac for name, mac in _addresses(plan, record.devices, catalogue) if mac}
    return tuple(HardwareAddress(name=name, mac=mac) for name, mac in sorted(found.items()))


def device_names(plan: SitePlan) -> Iterator[str]:
    """Yield the name of everything that is delivered with a serial number of its own."""
    for group in (plan.hosts, plan.storage_servers, plan.switches, plan.pdus, plan.power_shelves):
        yield from (one.name for one in group)
    yield from (loop.cdu for loop in plan.loops)
    yield from (one.name for one in plan.equipment if one.kind == "nvlink-switch")


def _hardware(name: str, device: DeviceRecord) -> Hardware:
    return Hardware(
        name=name,
        serial=device.serial,
        model=device.model,
        macs=_ports(device.macs),
        guids=_ports(device.guids),
        fingerprint=device.fingerprint,
    )


def _ports(addresses: Mapping[str, str]) -> tuple[PortAddress, ...]:
    return tuple(PortAddress(port=port, address=one) for port, one in sorted(addresses.items()))


def _addresses(
    plan: SitePlan, devices: Mapping[str, DeviceRecord], catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    def mac(device: str, port: str) -> str:
        return devices[device].macs.get(port, "") if device in devices else ""

    for device, name in controller_names(plan):
        yield name, mac(device, CONTROLLER)
    servers = [(host.name, host.server) for host in plan.hosts]
    servers += [(store.name, store.model) for store in plan.storage_servers]
    in_band = {model: in_band_port(catalogue.servers.get(model)) for _, model in servers}
    for name, model in servers:
        yield name, mac(name, in_band[model])


def controller_names(plan: SitePlan) -> Iterator[tuple[str, str]]:
    """Yield every device with the name that its management port has in the network."""
    for group in (plan.nodes, plan.storage_servers, plan.pdus, plan.power_shelves):
        yield from ((one.name, one.controller.name) for one in group)
    yield from ((loop.cdu, loop.controller.name) for loop in plan.loops)
    yield from ((host.name, f"{host.name}-bmc") for host in plan.management_hosts)
    yield from ((switch.name, switch.name) for switch in plan.switches)


def in_band_port(server: Server | None) -> str:
    """Return the port of a server that has its in-band address; empty where none is known."""
    ports = server.ports if server else ()
    return next((port.name for port in ports if port.role == "in-band"), "")
