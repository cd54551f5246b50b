"""What every controller holds: its place in the network, time, passwords, certificates."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from clusterwright.model.base import Model


class ControllerNetwork(Model):
    """How a controller comes by its planned address."""

    assignment: Literal["static", "dhcp"] = "static"
    """With dhcp, the address comes from the reservations that are rendered."""
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    """By default its port is untagged, or as somebody has set it."""


class Passwords(Model):
    """When the password of each controller is changed for a new one."""

    rotation: NonNegativeInt = 0
    """Raise it, and every password that was made before is changed once."""
    at_most_days: PositiveInt | None = None
    """By default, a password may get as old as it likes."""


class Certificates(Model):
    """How long the certificates that the site's CA signs are valid, and when they are renewed."""

    valid_days: Annotated[int, Field(ge=1, le=825)] = 398
    renew_days: PositiveInt = 30
    """Days before its end at which one is replaced."""


class Controllers(Model):
    """Whatever speaks Redfish: BMCs, those of HGX boards and DPUs, CDUs, PDUs, power shelves."""

    network: ControllerNetwork = ControllerNetwork()
    time_servers: tuple[str, ...] | None = None
    """By default, a controller's time servers are left alone; an empty list takes them away."""
    passwords: Passwords = Passwords()
    certificates: Certificates = Certificates()
