"""What the facility is told of its network, where there is one with switches and leases."""

import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address
from typing import Protocol


class Plug(Protocol):
    """The port at which a controller is reached: under the address that it has now, if any."""

    address: IPv4Address | None
    moved: Callable[[], Awaitable[None]]
    """Called when the address is another one."""

    def socket(self) -> socket.socket:
        """Return a socket of the network behind this port."""
        ...


class FacilityNetwork(Protocol):
    """Ports of controllers, and what can be wrong with their cables."""

    def plug_of(self, subject: str) -> Plug | None:
        """Return the port of the controller of `subject`; none, if its address is simply there."""
        ...

    def beside(self, subject: str) -> str:
        """Return who has the next port of the same switch; empty for nobody."""
        ...

    def power(self, subject: str, *, live: bool) -> None:
        """Hear that a device has power, or has lost it: its port goes up or down."""
        ...

    async def fit(self, subject: str, mac: str) -> None:
        """Give the port of a device another MAC: it is another device."""
        ...

    async def swap(self, one: str, other: str) -> None:
        """Plug the cables of two devices into each other's port."""
        ...
