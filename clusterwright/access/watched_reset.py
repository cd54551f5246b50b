"""A reset that is watched: some BMCs accept one and do nothing, or tell lies about the power."""

from dataclasses import dataclass
from functools import partial

from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.exchange import Reply
from clusterwright.access.redfish.tasks import finish
from clusterwright.access.restart_signs import Acted
from clusterwright.access.settle import watch
from clusterwright.access.system import System, choose_reset, find_system
from clusterwright.errors import DeviceRefused, DeviceUnreachable

ACTS_WITHIN_S = 60.0
"""Until a BMC that has accepted a reset shows that it acts; a server's own delay comes on top."""

SWITCH_ON = ("On", "ForceOn")


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
            _, still = await watch(
                partial(find_system, self.client),
                lambda system: () if self.acted(system) else (no_effect(self.kind, system),),
                deadline_s=self.patience_s,
                waiting=self.client.waiting,
            )
        except DeviceUnreachable:
            return True  # A controller that goes away over a reset has done something.
        return not still

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


def no_effect(kind: str, system: System) -> Difference:
    """Say that nothing has come of a reset so far."""
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
