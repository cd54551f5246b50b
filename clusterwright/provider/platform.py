"""Platform: what a server holds besides BIOS attributes; what is not given is left alone."""

from typing import Annotated

from pydantic import Field

from clusterwright.access import platform as access
from clusterwright.access.guard import RESET
from clusterwright.access.platform import PlatformState
from clusterwright.provider.device import device_kind
from clusterwright.provider.disruption import told
from clusterwright.provider.field_by_field import field_by_field
from clusterwright.provider.inputs import DeviceInputs, one_of, within

_FIELDS = ("secure_boot", "boot_order", "restore_policy", "power_limit_watts", "ntp_servers")


class PlatformInputs(DeviceInputs):
    """Secure Boot, boot order, power policy, power limit and time of a server."""

    secure_boot: bool | None = None
    boot_order: list[str] | None = Field(default=None, min_length=1)
    """Every boot option of the server, first to last."""

    restore_policy: Annotated[str, one_of("LastState", "AlwaysOn", "AlwaysOff")] | None = None
    """What the server does when its line input comes back."""

    power_limit_watts: Annotated[int | None, within(0, 200_000, "W")] = None
    """The most that the server draws; 0 is no limit."""

    ntp_servers: list[str] | None = None
    """From whom the controller takes its time; nobody where empty."""

    serial: str | None = None
    """Serial number of the server that was delivered; another one is left as it is."""


def _consequence(inputs: PlatformInputs, changed: frozenset[str]) -> str:
    return told(inputs, RESET, "Secure Boot needs a reset") if "secureBoot" in changed else ""


PLATFORM = device_kind(
    type_name="clusterwright:facility:Platform",
    model=PlatformInputs,
    access=access,
    translation=field_by_field(PlatformInputs, PlatformState, *_FIELDS),
    consequence=_consequence,
    means=lambda _site, inputs: {"serial": inputs.serial} if inputs.serial else {},
)
