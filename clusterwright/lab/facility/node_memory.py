"""What a node's BMC remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    bios: Mapping[str, Scalar] = field(default_factory=dict)
    bios_pending: Mapping[str, Scalar] = field(default_factory=dict)
    bios_applied_at: str = ""
    last_reset_at: str = ""
