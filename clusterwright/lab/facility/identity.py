"""Who a controller says it is."""

from dataclasses import dataclass, field
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from clusterwright.lab.facility.tree import ROOT, Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a controller says it is. `chassis` is the id of the enclosure it sits in."""

    name: str
    address: str
    manager: str
    chassis: str
    manufacturer: str
    model: str
    serial: str
    rack: str
    services: tuple[str, ...]
    """What hangs off the service root besides what every controller has."""
    registries: tuple[str, ...] = ()
    chassis_links: Body = field(default_factory=dict)
    manager_links: Body = field(default_factory=dict)

    @property
    def uuid(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"{self.name} {self.serial}"))

    @property
    def manager_path(self) -> str:
        return f"{ROOT}/Managers/{self.manager}"


def serial_of(device: str, machine: int = 1) -> str:
    """Return the serial number of an emulated device: of the first that stood there, or a later."""
    return f"EMU-{device}".upper() + (f"-{machine}" if machine > 1 else "")


def mac_of(owner: str, number: int) -> str:
    """Return the locally administered MAC of an interface: the same for the same owner."""
    digest = sha256(owner.encode()).digest()
    octets = (0x02, *digest[:4], number & 0xFF)
    return ":".join(f"{octet:02X}" for octet in octets)


def guid_of(owner: str, number: int) -> str:
    """Return the GUID of an InfiniBand port, made of its MAC as adapters make it."""
    digits = mac_of(owner, number).replace(":", "")
    return f"{digits[:4]}:{digits[4:6]}FF:FE{digits[6:8]}:{digits[8:]}"
