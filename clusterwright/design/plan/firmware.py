"""What all devices of a model run and hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareComponent:
    """A version that a component shall run; the device fetches it from `image`.

    `activation` is the least that makes it run: manager, reset, aux-cycle, ac-cycle.
    """

    name: str
    version: str
    image: str
    activation: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareBaseline:
    """The firmware of all devices of a model: servers, CDUs, PDUs or power shelves."""

    model: str
    downgrade: bool
    components: tuple[FirmwareComponent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What all servers of a model hold besides BIOS attributes; None is left alone.

    A `tpm` can only be looked for.
    """

    model: str
    secure_boot: bool | None
    boot_order: tuple[str, ...] | None
    restore_policy: str | None
    power_limit_watts: int | None
    tpm: bool | None = None
