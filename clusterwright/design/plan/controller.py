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
