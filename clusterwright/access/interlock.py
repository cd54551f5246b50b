"""The one gate through which every cut of power and every weakening of coolant goes.

It looks at plain values only, so that whoever cuts cannot argue: a cut is a power cycle for what
hangs on it, and happens only where the guard permits one. Until then it is pending.
"""

from clusterwright.access.guard import POWER_CYCLE, Guard

HELD_AUTOMATICALLY = "Automatic"
REMEDY = "drain what depends on it, or add power-cycle to maintenance.allow in the definition"


def cuts_power(*, desired: str, actual: str) -> bool:
    """Whether going from one power state to the other takes power away."""
    return desired not in {"On", actual}


def warms(*, desired_c: float, actual_c: float) -> bool:
    """Whether a supply temperature carries less heat away than the present one."""
    return desired_c > actual_c


def slows(*, desired: float, actual: float) -> bool:
    """Whether a pressure or flow moves less coolant than the present one."""
    return desired < actual


def lets_go(*, desired: str, actual: str) -> bool:
    """Whether a control mode gives up what the CDU now holds by itself."""
    return actual == HELD_AUTOMATICALLY and desired != actual


def holds(guard: Guard | None) -> bool:
    """Whether cuts and weakenings must wait: what depends on the device is in service."""
    return guard is not None and not guard.permits(POWER_CYCLE)
