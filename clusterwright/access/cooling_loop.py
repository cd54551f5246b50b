"""A coolant loop through the CDU that drives it."""

from dataclasses import dataclass

from clusterwright.access.guard import Difference, Guard, Outcome
from clusterwright.access.redfish.client import Redfish


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopState:
    """Set points of the secondary side. None means that the CDU does not hold that quantity."""

    supply_temperature_c: float
    differential_pressure_kpa: float | None = None
    flow_lpm: float | None = None
    control_mode: str


async def read(client: Redfish, desired: LoopState | None = None) -> LoopState:
    """Return the set points that `desired` gives, or all that the CDU holds."""
    raise NotImplementedError


def differences(
    desired: LoopState, actual: LoopState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; with a guard, a weakening that it does not permit now is marked pending."""
    raise NotImplementedError


async def apply(
    client: Redfish, desired: LoopState, guard: Guard, *, deadline_s: float = 60.0
) -> Outcome[LoopState]:
    """Bring the loop to `desired`; a weakening needs the interlock's consent."""
    raise NotImplementedError
