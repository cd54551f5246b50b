"""Servers are switched on, switched off and restarted: gently first, and watched."""

from collections.abc import Awaitable, Callable
from functools import partial

from clusterwright.access import interlock
from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.guard import Difference
from clusterwright.access.leak_policy import leaking
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.restart_signs import (
    comes_up,
    left,
    restarted,
    tells_of_restarts,
)
from clusterwright.access.settle import watch
from clusterwright.access.system import System, choose_reset, find_system, knows_reset, reset
from clusterwright.access.watched_reset import ACTS_WITHIN_S, SWITCH_ON, insist, no_effect
from clusterwright.errors import DeviceRefused

GRACE_S = 120.0
"""How long an operating system gets to end by itself before it is ended."""

SHUTDOWN = ("GracefulShutdown", "ForceOff")
RESTART = ("GracefulRestart", "ForceRestart")

Open = Callable[[], Awaitable[tuple[Difference, ...]]]
"""Looks at what has not come of a reset yet."""


async def switch_on(
    client: Redfish, coolant: Coolant | None = None, *, patience_s: float = ACTS_WITHIN_S
) -> None:
    """Switch a server on.

    Raises:
        DeviceRefused: it leaks, no loop of it flows, or the BMC does not act.
    """
    await refuse_to_heat(client, coolant)
    system = await find_system(client)
    if system.power_state == "Off":
        await insist(client, system, *SWITCH_ON, acted=left(system), patience_s=patience_s)


async def refuse_to_heat(client: Redfish, coolant: Coolant | None) -> None:
    """See that a server that is to be switched on has its coolant, and keeps it.

    Raises:
        DeviceRefused: it leaks, or no loop of it flows.
    """
    if leaks := await leaking(client):
        raise DeviceRefused(
            f"{client.name}: leak detector {', '.join(leaks)} sees a leak: it is not switched on; "
            f"find the leak and close it first"
        )
    if coolant and (dry := interlock.why_dry(await coolant())):
        raise DeviceRefused(
            f"{client.name}: no coolant flows to it ({dry}): it is not switched on, because "
            f"without coolant it overheats; repair the loop, and run the same command again"
        )


async def take_down(client: Redfish, open_: Open, *, patience_s: float = ACTS_WITHIN_S) -> None:
    """Ask the operating system to end; where it does not, switch the server off without it.

    Raises:
        DeviceRefused: the BMC knows neither way, or does not act.
    """
    system = await find_system(client)
    if await _asked(client, system, SHUTDOWN):
        _, still = await watch(open_, lambda one: one, deadline_s=GRACE_S, waiting=client.waiting)
        if not still:
            return
    await _force_off(client, patience_s)


async def restart(
    client: Redfish,
    open_: Open,
    *,
    coolant: Coolant | None = None,
    may_cut: bool = False,
    patience_s: float = ACTS_WITHIN_S,
) -> None:
    """Ask the operating system to restart; where it does not, restart the server without it.

    Where a restart could not be seen, the server is shut down and switched on instead, which every
    BMC shows; if it `may_cut` the server's power.

    Raises:
        DeviceRefused: the BMC knows neither way, or does not act.
    """
    system = await find_system(client)
    if may_cut and not tells_of_restarts(system) and await knows_reset(client, system, SHUTDOWN[1]):
        await refuse_to_heat(client, coolant)
        await take_down(client, partial(_still_on, client), patience_s=patience_s)
        await switch_on(client, coolant, patience_s=patience_s)
        return
    if await _asked(client, system, RESTART) and await _follows(client, system, open_):
        return
    system = await find_system(client)
    await insist(client, system, RESTART[1], acted=restarted(system), patience_s=patience_s)


async def _asked(client: Redfish, system: System, kinds: tuple[str, str]) -> bool:
    """Tell it the gentle way, where the BMC knows one."""
    gentle, _ = kinds
    chosen = await choose_reset(client, system, *kinds)
    if chosen == gentle:
        await reset(client, system, gentle)
    return chosen == gentle


async def _follows(client: Redfish, before: System, open_: Open) -> bool:
    """Whether a restart begins in time; one that has begun is not forced out of its self-test."""
    begun = comes_up(before)

    async def look() -> tuple[Difference, ...]:
        still = await open_()
        return () if still and begun(await find_system(client)) else still

    _, still = await watch(look, lambda one: one, deadline_s=GRACE_S, waiting=client.waiting)
    return not still


async def _force_off(client: Redfish, patience_s: float) -> None:
    system = await find_system(client)
    if system.power_state != "Off":
        await insist(client, system, SHUTDOWN[1], acted=left(system), patience_s=patience_s)
        await watch(
            partial(_still_on, client),
            lambda one: one,
            deadline_s=GRACE_S,
            waiting=client.waiting,
        )


async def _still_on(client: Redfish) -> tuple[Difference, ...]:
    system = await find_system(client)
    return () if system.power_state == "Off" else (no_effect(SHUTDOWN[1], system),)
