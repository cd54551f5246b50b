"""What a device is still at, and whether that moves: a change of power, a self-test, tasks."""

import time
from dataclasses import dataclass

from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import members
from clusterwright.access.settle import settle
from clusterwright.access.system import SELF_TEST, find_system
from clusterwright.errors import DeviceRefused

STANDS_STILL_S = 300.0
"""How long a task may stay at one percentage; where it tells none, it has the whole deadline."""

_SETTLED_POWER = frozenset({"On", "Off"})
_WORKING = frozenset({"New", "Starting", "Running", "Stopping", "Cancelling"})
_UNTOLD = -1.0


class Task(Resource):
    """A task of the device's own list, whoever began it."""

    state = Field("TaskState", str, "")
    percent = Field("PercentComplete", float, _UNTOLD)
    started = Field("StartTime", str, "")

    @property
    def moves(self) -> str:
        """What changes as it goes on; empty where it does not tell."""
        return "" if self.percent == _UNTOLD else f"{self.state} at {self.percent:g} %"

    @property
    def stands(self) -> str:
        since = f", since {self.started} by the device's own clock" if self.started else ""
        return f"{self.moves or self.state}{since}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrest:
    """What is to be waited for before a device can be told anything; nothing where it is quiet."""

    server: tuple[Difference, ...] = ()
    tasks: tuple[Task, ...] = ()

    def left(self) -> tuple[Difference, ...]:
        tasks = (
            Difference(path=f"task {task.path}", expected="ended", actual=task.stands)
            for task in self.tasks
        )
        return (*self.server, *tasks)


async def unrest(client: Redfish) -> Unrest:
    """Return what a device is at: its server too, where it has one."""
    server = await _server(client) if "Systems" in await client.root() else ()
    return Unrest(server=server, tasks=await _tasks(client))


async def wait_until_quiet(
    client: Redfish, *, deadline_s: float, stands_still_s: float = STANDS_STILL_S
) -> None:
    """Wait for what a device is at; a task that stands still is given up before the deadline.

    Raises:
        DeviceRefused: a task does not move, or something is not over at the deadline.
    """
    moved: dict[str, tuple[str, float]] = {}

    def left(found: Unrest) -> tuple[Difference, ...]:
        now = time.monotonic()
        for task in found.tasks:
            known, since = moved.setdefault(task.path, (task.moves, now))
            if known != task.moves:
                moved[task.path] = (task.moves, now)
            elif task.moves and now - since >= stands_still_s:
                raise DeviceRefused(_stuck(client.name, task, stands_still_s))
        return found.left()

    await settle(client, lambda: unrest(client), left, deadline_s=deadline_s)


def _stuck(device: str, task: Task, seconds: float) -> str:
    return (
        f"{device}: task {task.path}, which was there before, is {task.stands}, and has not moved "
        f"for {seconds:g} s: nothing else is begun beside it; look into the device's log, restart "
        f"its controller if the task is dead, and run the same command again"
    )


async def _server(client: Redfish) -> tuple[Difference, ...]:
    system = await find_system(client)
    power, progress = system.power_state, system.boot_progress
    found = []
    if power not in _SETTLED_POWER:
        found.append(Difference(path="power_state", expected="On or Off", actual=power))
    if power == "On" and progress in SELF_TEST:
        found.append(Difference(path="boot progress", expected="self-test over", actual=progress))
    return tuple(found)


async def _tasks(client: Redfish) -> tuple[Task, ...]:
    service = (await client.root()).get("Tasks", {}).get("@odata.id", "")
    if not service:
        return ()
    tasks = Link("Tasks").__get__(Resource(client.name, await client.get(service)), Resource)
    found = await members(client, tasks, Task) if tasks else []
    return tuple(task for task in found if task.state in _WORKING)
