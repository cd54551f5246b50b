"""A reset that is watched: some BMCs accept one and do nothing, or tell lies about the power."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from clusterwright.access import interlock
from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.guard import Difference
from clusterwright.access.leak_policy import leaking
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.exchange import Reply
from clusterwright.access.redfish.tasks import finish
from clusterwright.access.settle import watch
from clusterwright.access.system import SELF_TEST, System, choose_reset, find_system, reset
from clusterwright.errors import DeviceRefused, DeviceUnreachable

ACTS_WITHIN_S = 60.0
"""Until a BMC that has accepted a reset shows that it acts; a server's own delay comes on top."""

GRACE_S = 120.0
"""How long an operating system gets to end by itself before it is ended."""

SWITCH_ON = ("On", "ForceOn")
SHUTDOWN = ("GracefulShutdown", "ForceOff")
RESTART = ("GracefulRestart", "ForceRestart")

Acted = Callable[[System], bool]
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


async def take_down(
    client: Redfish, kinds: tuple[str, str], open_: Open, *, patience_s: float = ACTS_WITHIN_S
) -> None:
    """Ask the operating system to end or to restart; where it does not follow, do it without.

    Raises:
        DeviceRefused: the BMC knows neither kind, or does not act.
    """
    gentle, forced = kinds
    system = await find_system(client)
    if await choose_reset(client, system, *kinds) == gentle:
        await reset(client, system, gentle)
        _, still = await watch(open_, lambda one: one, deadline_s=GRACE_S, waiting=client.waiting)
        if not still:
            return
    system = await find_system(client)
    if kinds == SHUTDOWN and system.power_state == "Off":
        return
    acted = left(system) if kinds == SHUTDOWN else restarted(system)
    await insist(client, system, forced, acted=acted, patience_s=patience_s)


def left(before: System) -> Acted:
    """Whether a server is no longer in the power state that it was in before."""
    return lambda system: system.power_state != before.power_state


def restarted(before: System) -> Acted:
    """Whether a server is or was at a restart; where it does not tell, that is taken for granted.

    `before` is the server before it was told to.
    """
    return lambda system: (
        not before.last_reset
        or system.last_reset != before.last_reset
        or system.power_state != before.power_state
        or system.boot_progress in SELF_TEST
    )


async def insist(
    client: Redfish, system: System, *kinds: str, acted: Acted, patience_s: float = ACTS_WITHIN_S
) -> str:
    """Reset a server, wait for the task of it, and see that something happens; return the kind.

    Where nothing has happened, nothing can happen twice: it is asked for once more. Whether it may
    happen at all has been decided by whoever calls.

    Raises:
        DeviceRefused: the BMC knows none of the `kinds`, its task fails, or nothing happens.
    """
    kind = await choose_reset(client, system, *kinds)
    patience_s += system.power_on_delay_s if kind in SWITCH_ON else 0.0
    told = _Told(client=client, kind=kind, acted=acted, patience_s=patience_s)
    for _ in ("the first time", "once more"):
        reply = await client.start_post(system.reset, {"ResetType": kind})
        if await told.happens(reply):
            return kind
    raise DeviceRefused(
        f"{client.name}: has accepted {kind} twice and not acted within {patience_s:g} s each: "
        f"{_still(await find_system(client))}; look at the server itself, restart its "
        f"controller, and run the same command again"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A reset that the BMC has accepted."""

    client: Redfish
    kind: str
    acted: Acted
    patience_s: float

    async def happens(self, reply: Reply) -> bool:
        # A task that nothing comes of must not be asked for again: it may still begin.
        await finish(self.client, reply, check=self._not_stuck)
        try:
            _, nothing = await watch(
                partial(find_system, self.client),
                lambda system: () if self.acted(system) else (_nothing(self.kind, system),),
                deadline_s=self.patience_s,
                waiting=self.client.waiting,
            )
        except DeviceUnreachable:
            return True  # A controller that goes away over a reset has done something.
        return not nothing

    async def _not_stuck(self, task: str, waited_s: float) -> None:
        """Give a task up that has run for long without anything having happened."""
        if waited_s < 2 * self.patience_s:
            return
        system = await find_system(self.client)
        if not self.acted(system):
            raise DeviceRefused(
                f"{self.client.name}: has accepted {self.kind} {waited_s:.0f} s ago and not "
                f"acted: task {task}, and {_still(system)}; restart its controller, and run the "
                f"same command again"
            )


def _nothing(kind: str, system: System) -> Difference:
    return Difference(
        path=f"{kind} is accepted and not acted upon: power_state",
        expected="",
        actual=system.power_state,
    )


def _still(system: System) -> str:
    said = f"its power state is still {system.power_state}"
    if system.power_state == "Off" and system.boot_progress == "OSRunning":
        return f"{said}, but its boot progress is OSRunning, so one of the two is not true"
    return said
