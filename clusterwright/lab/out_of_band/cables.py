"""What ip(8) is told to lay the cables of the out-of-band network, and to set its switches up."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address

from clusterwright.lab.facility.identity import mac_of, serial_of
from clusterwright.lab.out_of_band.plug import DEVICE
from clusterwright.lab.out_of_band.wiring import BRIDGE, OOB_BRIDGE, ROOT_PORT, LabSwitch, Wiring


def cables(
    wiring: Wiring, switches: Mapping[str, str], ends: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """Yield commands for the lab's own network.

    `switches` are the network namespaces by name, `ends` the MACs and namespaces of devices.
    """
    for a, b in wiring.cables:
        yield (
            f"link add name {a.port} netns {switches[a.device]} type veth "
            f"peer name {b.port} netns {switches[b.device]}"
        )
    for name, port in wiring.controllers.items():
        mac, netns = ends[name]
        yield (
            f"link add name {port.port} netns {switches[port.device]} type veth "
            f"peer name {DEVICE} address {mac} netns {netns}"
        )
    for number, name in enumerate(wiring.roots):
        end = f"{OOB_BRIDGE}{number}"
        yield f"link add name {end} type veth peer name {ROOT_PORT} netns {switches[name]}"
        yield f"link set dev {end} master {OOB_BRIDGE} up"


def relit(switch: LabSwitch, mac: str, gateway: IPv4Address) -> list[str]:
    """What brings all ports of a switch up that is another machine now."""
    return [
        f"link set dev {switch.managed} address {mac}",
        *(f"link set dev {port.name} up" for port in switch.ports),
        # It goes with the port that it leads through.
        f"route replace default via {gateway}",
    ]


def settings(switch: LabSwitch, gateway: IPv4Address) -> list[str]:
    """What an operator would have configured on the switch."""
    mac = mac_of(serial_of(switch.name), 0).lower()
    return [
        "link set dev lo up",
        f"link add {BRIDGE} type bridge",
        f"link set dev {switch.managed} address {mac}",
        f"link set dev {BRIDGE} up",
        *(f"link set dev {port.name} master {BRIDGE}" for port in switch.ports if port.bridges),
        *(f"link set dev {port.name} up" for port in switch.ports),
        *([f"link set dev {switch.managed} up"] if switch.management else []),
        f"address add {switch.interface} dev {switch.managed}",
        f"route add default via {gateway}",
    ]
