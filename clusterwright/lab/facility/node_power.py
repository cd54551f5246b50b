"""The power of one node: resets, POST, and what losing and regaining its supplies does."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from clusterwright.errors import HostError
from clusterwright.lab.facility.bios import apply_pending
from clusterwright.lab.facility.boot import medium_of
from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.node_host import Server
from clusterwright.lab.facility.node_memory import NodeMemory
from clusterwright.lab.facility.tasks import Tasks
from clusterwright.lab.facility.tree import Body, RefusalError, Reply
from clusterwright.lab.medium import Medium

ON = ("On", "ForceOn")
OFF = ("ForceOff", "GracefulShutdown")
COLD = ("PowerCycle", "FullPowerCycle")
RESTART = ("ForceRestart", "GracefulRestart", *COLD)
RESETS = (*ON, *OFF, *RESTART)


class NodePower:
    """One reset at a time; a later one cancels what an earlier one has not finished."""

    def __init__(self, server: Server, memory: Memory[NodeMemory], tasks: Tasks) -> None:
        self._name, self._hosts = server.name, server.hosts
        self._memory, self._tasks = memory, tasks
        self._post_s = server.post_s
        self._enough_supplies = server.enough_supplies
        self._started, self._server = server.started, server
        self._lock = asyncio.Lock()
        self._work: asyncio.Task[None] | None = None
        self.progress = "None"
        self.deaf = False
        """Whether it accepts a reset and does nothing."""

    @property
    def is_on(self) -> bool:
        """Whether the server is powered: a host that shut itself down has turned it off."""
        return self._memory.state.power_on and (self._busy or self._hosts.running(self._name))

    @property
    def _busy(self) -> bool:
        return self._work is not None and not self._work.done()

    async def reset(self, body: Body) -> Reply:
        """Carry out ComputerSystem.Reset: the answer is a task, unless there is nothing to do."""
        kind = body["ResetType"]
        if self.deaf or kind in (ON if self.is_on else OFF):
            return Reply()
        if kind in RESTART and kind not in COLD and not self.is_on:
            raise RefusalError(409, message("ResourceInStandby"))
        if kind not in OFF and not self._enough_supplies():
            raise RefusalError(409, self._too_few_supplies())
        return self._tasks.start(
            f"{kind} of {self._name}",
            self._replace(lambda: self._reset(kind)),
            lasts_s=self._post_s,
        )

    def _too_few_supplies(self) -> Body:
        return message(
            "GeneralError",
            resolution=f"Too few power supplies of {self._name} have line input: "
            "switch on the outlets that feed them.",
        )

    async def _replace(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._work and not self._work.done():
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        self._work = asyncio.create_task(work())
        try:
            await asyncio.shield(self._work)
        except asyncio.CancelledError:
            self._work.cancel()
            raise

    async def _reset(self, kind: str) -> None:
        graceful = kind.startswith("Graceful")
        async with self._lock:
            if kind not in ON:
                await self._go_down(graceful=graceful)
            if kind in OFF:
                self._memory.update(power_on=False, lost_power_while_on=False)
            else:
                await self._come_up(standby_too=kind == "FullPowerCycle")

    async def _go_down(self, *, graceful: bool) -> None:
        self.progress = "None"
        if self._memory.state.power_on or self._hosts.running(self._name):
            await self._hosts.stop(self._name, graceful=graceful)

    async def _come_up(self, *, standby_too: bool) -> None:
        self._memory.update(power_on=True, lost_power_while_on=False, last_reset_at=now())
        self.progress = "SystemHardwareInitializationComplete"
        await asyncio.sleep(self._post_s)
        apply_pending(self._memory)
        self._started(standby_too=standby_too)
        medium = medium_of(self._memory.state, self._server.trusted())
        self._use_up_boot_override()
        self.progress = "OSBootStarted"
        if medium:
            await self._install(medium)
            runs = True
        else:
            runs = await self._hosts.boot(self._name)
        # A firmware that finds nothing to boot waits in its menu.
        self.progress = "OSRunning" if runs else "SetupEntered"

    async def _install(self, medium: Medium) -> None:
        try:
            await self._hosts.install(self._name, medium)
        except HostError as error:
            # What gives up the medium is back in the firmware's menu.
            self.progress = "SetupEntered"
            self._server.failed(f"{self._name}: installation failed: {error}")
            raise

    def _use_up_boot_override(self) -> None:
        if self._memory.state.boot_enabled == "Once":
            self._memory.update(boot_enabled="Disabled", boot_target="None")

    async def supplies_changed(self) -> None:
        """Go down where too few supplies are left; come back only as the restore policy says."""
        if not self._enough_supplies():
            if self._memory.state.power_on:
                was_on = self.is_on
                await self._suffer(lambda: self._lose_power(was_on=was_on))
        elif not self._memory.state.power_on and self._restores():
            self._tasks.start(
                f"AC restore of {self._name}", self._replace(lambda: self._reset("On"))
            )

    async def trip(self) -> None:
        """Go down to save the hardware, and stay down until somebody switches it on."""
        if self._memory.state.power_on:
            await self._suffer(lambda: self._lose_power(was_on=False))

    async def _suffer(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do what nobody asked the server for; what comes next may overtake it."""
        try:
            await self._replace(work)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task and task.cancelling():
                raise

    async def _lose_power(self, *, was_on: bool) -> None:
        async with self._lock:
            await self._go_down(graceful=False)
            self._memory.update(power_on=False, lost_power_while_on=was_on)

    def _restores(self) -> bool:
        state = self._memory.state
        policy = state.restore_policy
        return policy == "AlwaysOn" or (policy == "LastState" and state.lost_power_while_on)

    def resume(self) -> None:
        """Bring the host back to what is remembered, after the service was away."""
        if not self._memory.state.power_on or self._hosts.running(self._name):
            return
        if not self._enough_supplies():
            self._memory.update(power_on=False, lost_power_while_on=True)
        else:
            self._tasks.start(f"Power on of {self._name}", self._replace(lambda: self._reset("On")))

    async def close(self) -> None:
        """Stop waiting for what is under way; the host is left as it is."""
        if self._work and not self._work.done():
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
