"""A server's network ports: adapters with their ports, and interfaces with their MACs."""

from dataclasses import dataclass
from functools import partial

from clusterwright.catalogue.entry import Server as ServerModel
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.identity import guid_of, mac_of
from clusterwright.lab.facility.tree import Body, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Nic:
    """One port, which is an adapter of its own here."""

    name: str
    model: str
    speed_gbps: float
    infiniband: bool
    number: int


def nics_of(model: ServerModel) -> tuple[Nic, ...]:
    """Return the ports that the operating system has, but not the BMC's own."""
    rails = [(port.name, port.nic, float(port.speed_gbps), True) for port in model.compute_ports]
    others = [
        (port.name, port.nic, port.speed_gbps or 10.0, port.name.startswith("ib"))
        for port in model.ports
        if port.role != "management"
    ]
    return tuple(
        Nic(
            name=name,
            model=nic or "ethernet-controller",
            speed_gbps=speed,
            infiniband=infiniband,
            number=number,
        )
        for number, (name, nic, speed, infiniband) in enumerate([*rails, *others], start=1)
    )


def add_adapters(tree: Tree, chassis: str, nics: tuple[Nic, ...], serial: str) -> Body:
    """Place an adapter for each; return the link to their collection."""
    path = f"{chassis}/NetworkAdapters"
    tree.add_collection(path, "NetworkAdapter", "Network Adapters")
    for nic in nics:
        own = f"{path}/{nic.name}"
        tree.add(own, partial(_adapter, own, nic, serial))
        tree.add_collection(f"{own}/Ports", "Port", "Ports")
        tree.add(f"{own}/Ports/1", partial(_port, nic, serial))
    return link(path)


def add_interfaces(tree: Tree, system: str, nics: tuple[Nic, ...], serial: str) -> Body:
    """Place an interface for each Ethernet port; return the link to their collection."""
    path = f"{system}/EthernetInterfaces"
    tree.add_collection(path, "EthernetInterface", "Ethernet Interfaces")
    for nic in nics:
        if not nic.infiniband:
            tree.add(f"{path}/{nic.name}", partial(_interface, nic, serial))
    return link(path)


def _adapter(path: str, nic: Nic, serial: str) -> Body:
    return {
        "@odata.type": "#NetworkAdapter.v1_14_0.NetworkAdapter",
        "Id": nic.name,
        "Name": f"Network adapter of {nic.name}",
        "Manufacturer": "NVIDIA" if nic.model.startswith(("connectx", "bluefield")) else "Generic",
        "Model": nic.model,
        "SerialNumber": f"{serial}-N{nic.number}",
        "Status": healthy(),
        "Ports": link(f"{path}/Ports"),
    }


def _port(nic: Nic, serial: str) -> Body:
    mac, guid = mac_of(serial, nic.number), guid_of(serial, nic.number)
    technology = "InfiniBand" if nic.infiniband else "Ethernet"
    addresses = (
        {"InfiniBand": {"AssociatedPortGUIDs": [guid]}}
        if nic.infiniband
        else {"Ethernet": {"AssociatedMACAddresses": [mac]}}
    )
    return {
        "@odata.type": "#Port.v1_18_0.Port",
        "Id": "1",
        "Name": f"Port {nic.name}",
        "PortId": "1",
        "PortProtocol": technology,
        "LinkNetworkTechnology": technology,
        "LinkStatus": "LinkUp",
        "CurrentSpeedGbps": nic.speed_gbps,
        "MaxSpeedGbps": nic.speed_gbps,
        "InterfaceEnabled": True,
        "Status": healthy(),
        **addresses,
    }


def _interface(nic: Nic, serial: str) -> Body:
    mac = mac_of(serial, nic.number)
    return {
        "@odata.type": "#EthernetInterface.v1_12_4.EthernetInterface",
        "Id": nic.name,
        "Name": f"Interface {nic.name}",
        "MACAddress": mac,
        "PermanentMACAddress": mac,
        "SpeedMbps": int(nic.speed_gbps * 1000),
        "LinkStatus": "LinkUp",
        "Status": healthy(),
    }
