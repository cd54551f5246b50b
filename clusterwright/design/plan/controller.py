"""Services behind Redfish."""

from dataclasses import dataclass
from ipaddress import IPv4Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """A Redfish service on the out-of-band network.

    `secret` is the name under which the site's vault keeps its user name and password.
    """

    name: str
    address: IPv4Address
    secret: str
    model: str = ""
    """Of the board that it is the controller of; empty for that of a device itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerPolicy:
    """What every controller of the site holds; a VLAN or time servers of None are left alone.

    A raised `rotation` has every password changed once; `password_days` is its greatest age.
    """

    dhcp: bool
    prefix_length: int
    gateway: IPv4Address
    vlan: int | None
    time_servers: tuple[str, ...] | None
    rotation: int
    password_days: int | None
    valid_days: int
    renew_days: int
