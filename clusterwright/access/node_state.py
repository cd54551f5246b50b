"""What a GPU server shall hold or holds: power, boot override, BIOS attributes; and which it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clusterwright.access.bios import same
from clusterwright.access.bios_registry import Scalar
from clusterwright.access.guard import POWER_CYCLE, RESET, Difference, Guard, shown
from clusterwright.access.server_parts import ANOTHER, NOT_FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class BootState:
    """The boot override, in Redfish's words. Where it is Disabled, the rest means nothing."""

    target: str
    enabled: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """`staged` holds BIOS values that wait for a reset; it is empty in a desired state.

    `serial` is the server's serial number; None in a desired state is not known, and not compared.
    """

    power_state: str
    boot: BootState
    bios: Mapping[str, Scalar]
    staged: Mapping[str, Scalar] = field(default_factory=dict)
    serial: str | None = None


def differences(
    desired: NodeState, actual: NodeState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; with a guard, what it does not permit to cure now is marked pending."""
    found = list(stranger(desired, actual))
    if desired.power_state != actual.power_state:
        cut = desired.power_state == "Off" and actual.power_state == "On"
        held = cut and guard is not None and not guard.permits(POWER_CYCLE)
        found.append(
            _difference("power_state", desired.power_state, actual.power_state, pending=held)
        )
    found += boot_differences(desired.boot, actual.boot)
    found += [
        _bios_difference(name, value, actual, guard)
        for name, value in desired.bios.items()
        if not same(value, actual.bios.get(name))
    ]
    return tuple(found)


def stranger(desired: NodeState, actual: NodeState) -> tuple[Difference, ...]:
    """Return what is to be said where another server stands in the place of the delivered one."""
    if desired.serial is None or desired.serial == actual.serial:
        return ()
    found = actual.serial or NOT_FOUND
    return (Difference(path="serial", expected=desired.serial, actual=found, remedy=ANOTHER),)


def boot_differences(desired: BootState, actual: BootState) -> list[Difference]:
    """Compare two boot overrides; where none is wanted, what one would do does not count."""
    names = ("enabled",) if desired.enabled == "Disabled" else ("target", "enabled", "mode")
    return [
        _difference(f"boot.{name}", getattr(desired, name), getattr(actual, name))
        for name in names
        if getattr(desired, name) != getattr(actual, name)
    ]


def _bios_difference(
    name: str, value: Scalar, actual: NodeState, guard: Guard | None
) -> Difference:
    found = shown(actual.bios[name]) if name in actual.bios else "(no such attribute)"
    running = actual.power_state == "On"
    held = guard is not None and running and not guard.permits(RESET)
    staged = same(value, actual.staged.get(name))
    return _difference(f"bios.{name}", shown(value), found, pending=staged or held)


def _difference(path: str, expected: str, actual: str, *, pending: bool = False) -> Difference:
    remedy = (
        "drain the node, or permit the disruption in maintenance.allow, and run clusterwright up"
        if pending
        else "run clusterwright up"
    )
    return Difference(path=path, expected=expected, actual=actual, pending=pending, remedy=remedy)
