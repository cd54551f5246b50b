"""Settings of servers and firmware of devices, model by model."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, StringConstraints

from clusterwright.model.base import Model

ModelName = str
Version = Annotated[str, StringConstraints(pattern=r"^\S+$")]


class ServerSettings(Model):
    """What all servers of a model hold besides what the catalogue says; the rest is left alone."""

    secure_boot: bool | None = None
    boot_order: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Every boot option, first to last, as Redfish names it: Boot0001."""
    restore_policy: Literal["LastState", "AlwaysOn", "AlwaysOff"] | None = None
    """What a server does when its line input comes back."""
    power_limit_kw: PositiveFloat | None = None
    """The most that each draws."""
    tpm: bool | None = None
    """Whether each must have a TPM: `clusterwright verify` looks for it."""
    bios: dict[str, bool | int | str] = Field(default={})
    """Attributes that win over the catalogue's, under the names that the vendor gives them."""


class FirmwareImage(Model):
    """A version that a component shall run, and where the device gets it."""

    version: Version
    image: str = Field(min_length=1)
    """Its http or https address, or the name of a file in the store."""
    activation: Literal["manager", "reset", "aux-cycle", "ac-cycle"] = "reset"
    """The least that makes a new image run."""
    order: NonNegativeInt = 0
    """Components of one order are updated together, lower ones first."""


class Baseline(Model):
    """The firmware of all devices of a model; components that are not named are left alone."""

    components: dict[str, FirmwareImage] = Field(min_length=1)
    """By the ids that a device's firmware inventory has."""
    downgrade: bool = False
    """Whether an older version may replace a newer one."""


class Firmware(Model):
    """Firmware by models of servers and of the boards in them, of CDUs, PDUs and power shelves."""

    store: str | None = None
    """The http or https address that files of images lie below."""
    models: dict[ModelName, Baseline] = Field(default={})
