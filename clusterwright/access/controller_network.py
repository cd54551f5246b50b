"""How a controller itself is in its network: name, address, VLAN, time servers."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from ipaddress import IPv4Network
from typing import Any

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.errors import DeviceRefused, DeviceUnreachable

UNTAGGED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkState:
    """None is left alone, or is not there. A `vlan` of 0 is none."""

    hostname: str | None = None
    dhcp: bool | None = None
    prefix_length: int | None = None
    gateway: str | None = None
    vlan: int | None = None
    ntp_servers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The resources that are written to; `certificates` are those of its web server."""

    protocol: str
    interface: str = ""
    certificates: str = ""


class _Manager(Resource):
    protocol = Link("NetworkProtocol")
    interfaces = Link("EthernetInterfaces")


class _Protocol(Resource):
    hostname = Field("HostName", str, "")
    ntp_enabled: Field[bool] = Field("NTP/ProtocolEnabled", bool, False)  # noqa: FBT003 - default
    ntp_servers: Field[list[str]] = Field("NTP/NTPServers", list, [])
    certificates = Link("HTTPS/Certificates")


class _Interface(Resource):
    dhcp: Field[bool] = Field("DHCPv4/DHCPEnabled", bool, False)  # noqa: FBT003 - the default
    addresses: Field[list[dict[str, str]]] = Field("IPv4Addresses", list, [])
    static: Field[list[dict[str, str]]] = Field("IPv4StaticAddresses", list, [])
    tagged: Field[bool] = Field("VLAN/VLANEnable", bool, False)  # noqa: FBT003 - the default
    vlan = Field("VLAN/VLANId", int, UNTAGGED)


async def read_network(client: Redfish) -> tuple[Places, NetworkState]:
    """Return what the controller says of itself.

    Raises:
        DeviceRefused: it says nothing, or has several interfaces and none with its address.
    """
    managers = await members(client, await from_root(client, "Managers"), _Manager)
    manager = next((one for one in managers if one.protocol), None)
    if manager is None:
        raise DeviceRefused(
            f"{client.name}: Managers: none of them has a NetworkProtocol; update its firmware, or "
            f"take controllers out of the definition"
        )
    protocol = _Protocol(client.name, await client.get(manager.protocol))
    interface = await _own_interface(client, manager)
    servers = tuple(map(str, protocol.ntp_servers)) if protocol.ntp_enabled else ()
    state = NetworkState(
        hostname=protocol.hostname,
        ntp_servers=servers if isinstance(protocol.at("NTP"), dict) else None,
        **(_addressing(interface) if interface else {}),
    )
    places = Places(
        protocol=protocol.path,
        interface=interface.path if interface else "",
        certificates=protocol.certificates,
    )
    return places, state


async def write_network(
    client: Redfish, places: Places, desired: NetworkState, actual: NetworkState, address: str
) -> None:
    """Write what differs; the controller may be gone for a while afterwards."""
    wrong = {
        field.name
        for field in fields(NetworkState)
        if getattr(desired, field.name) not in (None, getattr(actual, field.name))
    }
    if protocol := _protocol_changes(desired, wrong):
        await client.patch(places.protocol, protocol)
    changes = _interface_changes(desired, wrong, address)
    if changes and not places.interface:
        raise DeviceRefused(
            f"{client.name}: {', '.join(sorted(wrong))}: it shows no interface with its address; "
            f"set it by hand, or take it out of the definition"
        )
    if changes:
        # One that moves into another VLAN may not be able to say that it has done so.
        with suppress(DeviceUnreachable):
            await client.patch(places.interface, changes)


async def _own_interface(client: Redfish, manager: _Manager) -> _Interface | None:
    """Return the interface that we are talking to, where it is told from others."""
    found = await members(client, manager.interfaces, _Interface) if manager.interfaces else []
    own = bare(client.address)
    with_address = [one for one in found if own in {a.get("Address") for a in one.addresses}]
    return next(iter(with_address or (found if len(found) == 1 else [])), None)


def bare(address: str) -> str:
    """Return an address without the port behind it."""
    return address.partition(":")[0]


def _addressing(interface: _Interface) -> dict[str, Any]:
    static = next(iter(interface.static or interface.addresses), {})
    return {
        "dhcp": interface.dhcp,
        "prefix_length": _length(static.get("SubnetMask")),
        "gateway": static.get("Gateway") or "",
        "vlan": interface.vlan if interface.tagged else UNTAGGED,
    }


def _length(mask: str | None) -> int | None:
    try:
        return IPv4Network(f"0.0.0.0/{mask}").prefixlen if mask else None
    except ValueError:
        return None


def _protocol_changes(desired: NetworkState, wrong: set[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "hostname" in wrong:
        changes["HostName"] = desired.hostname
    if "ntp_servers" in wrong and desired.ntp_servers is not None:
        servers = list(desired.ntp_servers)
        changes["NTP"] = {"NTPServers": servers, "ProtocolEnabled": bool(servers)}
    return changes


def _interface_changes(desired: NetworkState, wrong: set[str], address: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "dhcp" in wrong:
        changes["DHCPv4"] = {"DHCPEnabled": desired.dhcp}
    if not desired.dhcp and wrong & {"dhcp", "prefix_length", "gateway"}:
        changes["IPv4StaticAddresses"] = [_static(desired, address)]
    if "vlan" in wrong:
        tag = {"VLANId": desired.vlan} if desired.vlan else {}
        changes["VLAN"] = {"VLANEnable": bool(desired.vlan), **tag}
    return changes


def _static(desired: NetworkState, address: str) -> Mapping[str, str]:
    network = IPv4Network((0, desired.prefix_length or 32))
    return {
        "Address": bare(address),
        "SubnetMask": str(network.netmask),
        "Gateway": desired.gateway or "",
    }
