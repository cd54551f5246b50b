"""A GPU server through its BMC: power, boot override, BIOS attributes."""

from dataclasses import replace

from clusterwright.access.bios import Bios, only, read_bios, stage
from clusterwright.access.guard import POWER_CYCLE, RESET, Difference, Guard, Outcome
from clusterwright.access.leak_policy import leaking
from clusterwright.access.node_state import (
    BootState,
    NodeState,
    boot_differences,
    differences,
    stranger,
)
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import settle, watch
from clusterwright.access.system import System, busy, find_system, reset, set_boot
from clusterwright.errors import DeviceRefused

__all__ = ["BootState", "NodeState", "apply", "differences", "read"]

# How long an operating system gets to end by itself before it is ended.
_GRACE_S = 120.0

SHUTDOWN = ("GracefulShutdown", "ForceOff")
RESTART = ("GracefulRestart", "ForceRestart")


async def read(client: Redfish, desired: NodeState | None = None) -> NodeState:
    """Return what is live; of the BIOS, only the attributes that `desired` names, if given."""
    return (await _look(client, desired))[2]


async def apply(
    client: Redfish, desired: NodeState, guard: Guard, *, deadline_s: float = 1200.0
) -> Outcome[NodeState]:
    """Bring the node to `desired` as far as `guard` permits.

    A job that already runs, such as one that an interrupted run has left, is waited for first.

    Raises:
        DeviceRefused: another server stands there, which is left as it is; or the BMC refuses.
    """
    actual = await read(client, desired)
    for found in stranger(desired, actual):
        raise DeviceRefused(
            f"{client.name}: its serial number is {found.actual}, but {found.expected} is "
            f"expected: nothing is set; {found.remedy}"
        )
    if _as_desired(desired, actual):
        return Outcome(state=actual)
    await settle(client.name, lambda: busy(client), lambda left: left, deadline_s=deadline_s)
    system, bios, actual = await _look(client, desired)
    if boot_differences(desired.boot, actual.boot):
        boot = desired.boot
        await set_boot(client, system, target=boot.target, enabled=boot.enabled, mode=boot.mode)
    if bios is not None and await stage(client, bios, desired.bios):
        actual = await read(client, desired)
    held = _held(desired, actual, guard)
    await _change_power(client, desired, actual, held)

    def unfinished(state: NodeState) -> tuple[Difference, ...]:
        return tuple(d for d in differences(desired, state) if _group(d) not in held)

    state = await settle(
        client.name, lambda: read(client, desired), unfinished, deadline_s=deadline_s
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


async def _change_power(
    client: Redfish, desired: NodeState, actual: NodeState, held: frozenset[str]
) -> None:
    system = await find_system(client)
    bios_left = [d for d in differences(desired, actual) if _group(d) == "bios"]
    if desired.power_state == "On" and actual.power_state == "Off":
        await _refuse_where_it_leaks(client)
        await reset(client, system, "On", "ForceOn")
    elif desired.power_state != actual.power_state and "power_state" not in held:
        await _gently(client, desired, system, SHUTDOWN, "power_state")
    elif bios_left and "bios" not in held:
        await _gently(client, desired, system, RESTART, "bios")


async def _refuse_where_it_leaks(client: Redfish) -> None:
    """Whatever shut down because of a leak stays so until the leak is closed."""
    if leaks := await leaking(client):
        raise DeviceRefused(
            f"{client.name}: leak detector {', '.join(leaks)} sees a leak: it is not switched on; "
            f"find the leak and close it first"
        )


async def _gently(
    client: Redfish, desired: NodeState, system: System, kinds: tuple[str, str], group: str
) -> None:
    """Ask the operating system; where it does not follow in time, do it without."""
    gentle, forced = kinds
    if await reset(client, system, gentle, forced) == forced:
        return
    _, left = await watch(
        lambda: read(client, desired),
        lambda state: tuple(d for d in differences(desired, state) if _group(d) == group),
        deadline_s=_GRACE_S,
    )
    if left:
        await reset(client, system, forced)


def _group(difference: Difference) -> str:
    return difference.path.split(".", 1)[0]
