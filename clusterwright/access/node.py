"""A GPU server through its BMC: power, boot override, BIOS attributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from clusterwright.access.bios import Bios, only, read_bios, same, stage
from clusterwright.access.bios_registry import Scalar
from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.guard import POWER_CYCLE, RESET, Difference, Guard, Outcome, shown
from clusterwright.access.power_change import (
    ACTS_WITHIN_S,
    RESTART,
    SHUTDOWN,
    switch_on,
    take_down,
)
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import settle
from clusterwright.access.system import System, busy, find_system, set_boot


@dataclass(frozen=True, slots=True, kw_only=True)
class BootState:
    """The boot override, in Redfish's words. Where it is Disabled, the rest means nothing."""

    target: str
    enabled: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """`staged` holds BIOS values that wait for a reset; it is empty in a desired state."""

    power_state: str
    boot: BootState
    bios: Mapping[str, Scalar]
    staged: Mapping[str, Scalar] = field(default_factory=dict)


async def read(client: Redfish, desired: NodeState | None = None) -> NodeState:
    """Return what is live; of the BIOS, only the attributes that `desired` names, if given."""
    return (await _look(client, desired))[2]


def differences(
    desired: NodeState, actual: NodeState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; with a guard, what it does not permit to cure now is marked pending."""
    found = []
    if desired.power_state != actual.power_state:
        cut = desired.power_state == "Off" and actual.power_state == "On"
        held = cut and guard is not None and not guard.permits(POWER_CYCLE)
        found.append(
            _difference("power_state", desired.power_state, actual.power_state, pending=held)
        )
    found += _boot_differences(desired.boot, actual.boot)
    found += [
        _bios_difference(name, value, actual, guard)
        for name, value in desired.bios.items()
        if not same(value, actual.bios.get(name))
    ]
    return tuple(found)


async def apply(
    client: Redfish,
    desired: NodeState,
    guard: Guard,
    *,
    coolant: Coolant | None = None,
    deadline_s: float = 1200.0,
) -> Outcome[NodeState]:
    """Bring the node to `desired` as far as `guard` permits.

    A job that already runs, such as one that an interrupted run has left, is waited for first. A
    node that is cooled by `coolant` is switched on only where that flows.
    """
    actual = await read(client, desired)
    if _as_desired(desired, actual):
        return Outcome(state=actual)
    await settle(client, lambda: busy(client), lambda left: left, deadline_s=deadline_s)
    system, bios, actual = await _look(client, desired)
    if _boot_differences(desired.boot, actual.boot):
        boot = desired.boot
        await set_boot(client, system, target=boot.target, enabled=boot.enabled, mode=boot.mode)
    if bios is not None and await stage(client, bios, desired.bios):
        actual = await read(client, desired)
    held = _held(desired, actual, guard)
    to_do = {_group(d) for d in differences(desired, actual)} - held
    await _change_power(
        client, desired, to_do, coolant=coolant, patience_s=min(ACTS_WITHIN_S, deadline_s)
    )

    def unfinished(state: NodeState) -> tuple[Difference, ...]:
        return tuple(d for d in differences(desired, state) if _group(d) not in held)

    state = await settle(client, lambda: read(client, desired), unfinished, deadline_s=deadline_s)
    pending = tuple(replace(d, pending=True) for d in differences(desired, state, guard))
    return Outcome(state=state, pending=pending)


async def _look(
    client: Redfish, desired: NodeState | None
) -> tuple[System, Bios | None, NodeState]:
    system = await find_system(client)
    names = None if desired is None else desired.bios.keys()
    wanted = system.bios and (names is None or names)
    bios = await read_bios(client, system.bios) if wanted else None
    state = NodeState(
        power_state=system.power_state,
        boot=BootState(
            target=system.boot_target, enabled=system.boot_enabled, mode=system.boot_mode
        ),
        bios=only(bios.current, names) if bios else {},
        staged=only(bios.staged, names) if bios else {},
    )
    return system, bios, state


def _as_desired(desired: NodeState, actual: NodeState) -> bool:
    """A wrong value that is staged behind our back would take effect at the next reset."""
    return not differences(desired, actual) and not actual.staged


def _held(desired: NodeState, actual: NodeState, guard: Guard) -> frozenset[str]:
    """Return which groups of differences stay as they are now."""
    held = set()
    running = actual.power_state == "On"
    if running and desired.power_state == "Off" and not guard.permits(POWER_CYCLE):
        held.add("power_state")
    # A server that is off takes its BIOS attributes when somebody switches it on.
    if desired.power_state == "Off" or (running and not guard.permits(RESET)):
        held.add("bios")
    return frozenset(held)


async def _change_power(
    client: Redfish,
    desired: NodeState,
    to_do: set[str],
    *,
    coolant: Coolant | None,
    patience_s: float,
) -> None:
    async def open_of(group: str) -> tuple[Difference, ...]:
        state = await read(client, desired)
        return tuple(d for d in differences(desired, state) if _group(d) == group)

    if "power_state" in to_do and desired.power_state == "On":
        await switch_on(client, coolant, patience_s=patience_s)
    elif "power_state" in to_do:
        await take_down(client, SHUTDOWN, partial(open_of, "power_state"), patience_s=patience_s)
    elif "bios" in to_do:
        await take_down(client, RESTART, partial(open_of, "bios"), patience_s=patience_s)


def _group(difference: Difference) -> str:
    return difference.path.split(".", 1)[0]


def _boot_differences(desired: BootState, actual: BootState) -> list[Difference]:
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
