"""A controller's network services, its own interface, and its clock."""

from ipaddress import IPv4Network

from clusterwright.lab.facility.checks import number, of_type, text, texts
from clusterwright.lab.facility.controller_memory import ControllerMemory
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.tree import Body, Tree, Writable

HOST = r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,253}[A-Za-z0-9])?"
ADDRESS = r"(\d{1,3})(\.\d{1,3}){3}"
NETWORK = IPv4Network("10.0.0.0/22")


def add_network_protocol(tree: Tree, path: str, memory: Memory[ControllerMemory]) -> Body:
    """Place ManagerNetworkProtocol; return the link to it."""

    def shown() -> Body:
        state = memory.state
        return {
            "@odata.type": "#ManagerNetworkProtocol.v1_12_0.ManagerNetworkProtocol",
            "Id": "NetworkProtocol",
            "Name": "Manager Network Protocol",
            "Status": healthy(),
            "HostName": state.hostname,
            "HTTP": {"ProtocolEnabled": False},
            "HTTPS": {
                "ProtocolEnabled": True,
                "Port": 443,
                "Certificates": link(f"{path}/HTTPS/Certificates"),
            },
            "SSH": {"ProtocolEnabled": False},
            "IPMI": {"ProtocolEnabled": False},
            "NTP": {"ProtocolEnabled": state.ntp_enabled, "NTPServers": list(state.ntp_servers)},
        }

    writable = {
        "NTP/ProtocolEnabled": Writable(
            check=of_type(bool), write=lambda on: memory.update(ntp_enabled=on)
        ),
        "NTP/NTPServers": Writable(
            check=texts(HOST), write=lambda servers: memory.update(ntp_servers=tuple(servers))
        ),
        "HostName": Writable(check=text(HOST), write=lambda name: memory.update(hostname=name)),
    }
    return link(tree.add(path, shown, writable=writable))


def add_interface(
    tree: Tree, path: str, memory: Memory[ControllerMemory], *, address: str, mac: str
) -> Body:
    """Place the controller's own EthernetInterface; return the link to its collection.

    A static address that is set here is shown and remembered: the controller goes on answering
    where the plan has it, or nobody could take the change back.
    """

    def shown() -> Body:
        state = memory.state
        static = state.address or {"Address": address, "SubnetMask": str(NETWORK.netmask)}
        origin = "DHCP" if state.dhcp else "Static"
        return {
            "@odata.type": "#EthernetInterface.v1_12_4.EthernetInterface",
            "Id": "eth0",
            "Name": "Management interface",
            "Status": healthy(),
            "InterfaceEnabled": True,
            "LinkStatus": "LinkUp",
            "MACAddress": mac,
            "PermanentMACAddress": mac,
            "SpeedMbps": 1000,
            "FullDuplex": True,
            "HostName": state.hostname,
            "DHCPv4": {"DHCPEnabled": state.dhcp},
            "IPv4Addresses": [{**static, "AddressOrigin": origin}],
            "IPv4StaticAddresses": [dict(static)],
            "VLAN": {"VLANEnable": state.tagged, "VLANId": state.vlan},
        }

    writable = {
        "DHCPv4/DHCPEnabled": Writable(
            check=of_type(bool), write=lambda on: memory.update(dhcp=on)
        ),
        "VLAN/VLANEnable": Writable(check=of_type(bool), write=lambda on: memory.update(tagged=on)),
        "VLAN/VLANId": Writable(
            check=number(0, 4094), write=lambda given: memory.update(vlan=int(given))
        ),
        "IPv4StaticAddresses": Writable(
            check=of_type(list), write=lambda given: memory.update(address=dict(given[0] or {}))
        ),
        "HostName": Writable(check=text(HOST), write=lambda name: memory.update(hostname=name)),
    }
    tree.add_collection(path, "EthernetInterface", "Ethernet Interfaces")
    tree.add(f"{path}/eth0", shown, writable=writable)
    return link(path)
