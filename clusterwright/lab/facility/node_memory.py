"""What a node's BMC remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clusterwright.design.plan import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeMemory:
    """A server as it leaves the factory: off, no boot override, AC restore policy LastState."""

    power_on: bool = False
    lost_power_while_on: bool = False
    """Whether it was on when too few supplies remained: what the policy LastState goes by."""
    restore_policy: str = "LastState"
    boot_target: str = "None"
    boot_enabled: str = "Disabled"
    boot_mode: str = "UEFI"
    boot_order: tuple[str, ...] = ()
    """Empty is the factory's."""
    http_boot_uri: str = ""
    bios: Mapping[str, Scalar] = field(default_factory=dict)
    bios_pending: Mapping[str, Scalar] = field(default_factory=dict)
    bios_applied_at: str = ""
    last_reset_at: str = ""
    secure_boot: bool = False
    """As it will be at the next boot."""
    secure_boot_now: bool = False
    secure_boot_keys: bool = True
    media: Mapping[str, str] = field(default_factory=dict)
    """Images in its virtual drives, by drive."""
    power_limit_watts: float = 0.0
    power_limit_mode: str = "Disabled"
    leak_reaction: str = "None"
    leak_delay_s: float = 0.0
    erased: Mapping[str, str] = field(default_factory=dict)
    """Drives by serial number, and when they were erased last."""


def with_bios(state: NodeMemory, defaults: Mapping[str, Scalar]) -> NodeMemory:
    """Return the memory with every attribute that the BIOS came with, and what it has become."""
    return replace(state, bios={**defaults, **state.bios})
