"""A GPU server through its BMC: power, boot override, BIOS attributes."""

from dataclasses import replace
from functools import partial

from clusterwright.access.bios import Bios, only, read_bios, stage
from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.guard import POWER_CYCLE, RESET, Difference, Guard, Outcome
from clusterwright.access.node_state import (
    BootState,
    NodeState,
    boot_differences,
    differences,
)
from clusterwright.access.power_change import (
    restart,
    switch_on,
    take_down,
)
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.restart_signs import tells_of_restarts
from clusterwright.access.settle import settle
from clusterwright.access.system import System, find_system, refuse_stranger, set_boot
from clusterwright.access.unrest import wait_until_quiet
from clusterwright.access.watched_reset import ACTS_WITHIN_S

UNSEEN = " (its BMC does not tell whether a restart has happened)"

__all__ = ["BootState", "NodeState", "apply", "differences", "read"]


async def read(client: Redfish, desired: NodeState | None = None) -> NodeState:
    """Return what is live; of the BIOS, only the attributes that `desired` names, if given."""
    return (await _look(client, desired))[2]


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

    Raises:
        DeviceRefused: another server stands there, which is left as it is; or the BMC refuses.
    """
    actual = await read(client, desired)
    refuse_stranger(client, desired.serial, actual.serial)
    if _as_desired(desired, actual):
        return Outcome(state=actual)
    await wait_until_quiet(client, deadline_s=deadline_s)
    system, bios, actual = await _look(client, desired)
    if boot_differences(desired.boot, actual.boot):
        boot = desired.boot
        await set_boot(client, system, target=boot.target, enabled=boot.enabled, mode=boot.mode)
    if bios is not None and await stage(client, bios, desired.bios):
        actual = await read(client, desired)
    held = _held(desired, actual, guard)
    to_do = {_group(d) for d in differences(desired, actual)} - held
    await _change_power(
        client, desired, to_do, guard, coolant=coolant, patience_s=min(ACTS_WITHIN_S, deadline_s)
    )

    def unfinished(state: NodeState) -> tuple[Difference, ...]:
        return tuple(d for d in differences(desired, state) if _group(d) not in held)

    unseen = "bios" in to_do and not tells_of_restarts(system) and not guard.permits(POWER_CYCLE)
    state = await settle(
        client,
        lambda: read(client, desired),
        unfinished,
        deadline_s=deadline_s,
        remark=UNSEEN if unseen else "",
    )
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
        serial=system.serial.strip() or None,
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


async def _change_power(  # noqa: PLR0913 - what a change of power depends on
    client: Redfish,
    desired: NodeState,
    to_do: set[str],
    guard: Guard,
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
        await take_down(client, partial(open_of, "power_state"), patience_s=patience_s)
    elif "bios" in to_do:
        await restart(
            client,
            partial(open_of, "bios"),
            coolant=coolant,
            may_cut=guard.permits(POWER_CYCLE),
            patience_s=patience_s,
        )


def _group(difference: Difference) -> str:
    return difference.path.split(".", 1)[0]
