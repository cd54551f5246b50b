"""What may be done to a device now, and what is left to do."""

from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")

RESET = "reset"
POWER_CYCLE = "power-cycle"
DISRUPTIONS = (RESET, POWER_CYCLE, "link-flap", "reboot")
"""All that may interrupt what a node works on, in the words of the definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Protects whatever is in service: only the named disruptions may happen to it."""

    in_service: bool
    allowed: frozenset[str] = frozenset()

    def permits(self, disruption: str) -> bool:
        """Whether this one of the `DISRUPTIONS` may happen now."""
        return not self.in_service or disruption in self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One attribute that is not as declared.

    `path` is the field of the state type, with the key after a dot where it is a mapping
    (power_state, boot.target, bios.ProcTurboMode, outlets.3). `pending` says that the value waits
    for a disruption: it is staged on the device, or may not be applied while jobs run.
    """

    path: str
    expected: str
    actual: str
    pending: bool = False
    remedy: str = ""


def shown(value: object) -> str:
    """Write a value as JSON and YAML would, so that true is not True."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[S]):
    """What the device is like after an apply, and what could not be applied yet."""

    state: S
    pending: tuple[Difference, ...] = ()
