"""Work that takes longer than a request: TaskService, tasks and their monitors."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from clusterwright.lab.facility.clock import now
from clusterwright.lab.facility.fragments import healthy, link
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import ROOT, Body, Reply, Tree

SERVICE = f"{ROOT}/TaskService"
TASKS, MONITORS = f"{SERVICE}/Tasks", f"{SERVICE}/TaskMonitors"
KEPT = 32
"""How many tasks a controller remembers."""
Report = Callable[[int], None]
"""Told the percentage that is done."""
Work = Coroutine[Any, Any, None]
Spoiler = Callable[[Work, Report], Awaitable[None]]
"""What happens instead of the work, where something is wrong with the controller."""


class Tasks:
    """The tasks of one controller; like its sessions they do not outlive a restart of it."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._running: set[asyncio.Task[None]] = set()
        self._paths: list[tuple[str, str]] = []
        self._count = 0
        self.spoiler: Spoiler | None = None

    def place(self) -> None:
        """Place TaskService."""
        self._tree.add(SERVICE, _service)
        self._tree.add_collection(TASKS, "Task", "Tasks")

    def start(
        self,
        name: str,
        work: Work | Callable[[Report], Work],
        *,
        lasts_s: float = 0.0,
        **told: Body,
    ) -> Reply:
        """Run `work` as a task, and return the answer 202 that points to it.

        Where it lasts a second or longer, the answer says when to come again. `told` is what the
        task says of itself when it has been done (`done=message(...)`).
        """
        self._count += 1
        shown = _Shown(number=self._count, name=name, done=told.get("done") or message("Success"))
        coroutine = work(shown.report) if callable(work) else work
        spoilt = self.spoiler
        job = asyncio.create_task(_run(spoilt(coroutine, shown.report) if spoilt else coroutine))
        self._running.add(job)
        job.add_done_callback(self._running.discard)
        shown.watch(job)
        path, monitor = f"{TASKS}/{self._count}", f"{MONITORS}/{self._count}"
        self._tree.add(path, shown.body, delete=lambda: _cancel(job))
        self._tree.add(
            monitor,
            shown.body,
            status=lambda: 200 if job.done() else 202,
            delete=lambda: _cancel(job),
        )
        self._forget_old(path, monitor)
        body = {**shown.body(), "@odata.id": path}
        again = {"Retry-After": "1"} if lasts_s >= 1 else {}
        return Reply(status=202, body=body, headers={"Location": monitor, **again})

    async def finished(self) -> None:
        """Wait until nothing runs any more, however it ended."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """Cancel what is still running, and wait until it has ended."""
        for job in list(self._running):
            job.cancel()
        await self.finished()

    def _forget_old(self, *paths: str) -> None:
        self._paths.append((paths[0], paths[1]))
        for old in self._paths[:-KEPT]:
            for one in old:
                self._tree.remove(one)
        self._paths = self._paths[-KEPT:]


async def _run(work: Awaitable[None]) -> None:
    await work


def _cancel(job: asyncio.Task[None]) -> None:
    job.cancel()


class _Shown:
    """One task as its resource shows it."""

    def __init__(self, *, number: int, name: str, done: Body) -> None:
        self._number, self._name, self._done = number, name, done
        self._start = now()
        self._end = ""
        self._percent = 0
        self._job: asyncio.Task[None] | None = None

    def watch(self, job: asyncio.Task[None]) -> None:
        self._job = job
        job.add_done_callback(self._ended)

    def report(self, percent: int) -> None:
        self._percent = percent

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._end = now()
        if not job.cancelled() and not job.exception():
            self._percent = 100

    def body(self) -> Body:
        state, status = self._state()
        return {
            "@odata.type": "#Task.v1_7_4.Task",
            "Id": str(self._number),
            "Name": self._name,
            "TaskState": state,
            "TaskStatus": status,
            "PercentComplete": self._percent,
            "StartTime": self._start,
            **({"EndTime": self._end} if self._end else {}),
            "TaskMonitor": f"{MONITORS}/{self._number}",
            "Messages": self._messages(),
        }

    def _state(self) -> tuple[str, str]:
        job = self._job
        if job is None or not job.done():
            return "Running", "OK"
        if job.cancelled():
            return "Cancelled", "Warning"
        return ("Exception", "Critical") if job.exception() else ("Completed", "OK")

    def _messages(self) -> list[Body]:
        job = self._job
        if job is None or not job.done() or job.cancelled():
            return []
        error = job.exception()
        return [message("GeneralError", resolution=f"{error}.") if error else self._done]


def _service() -> Body:
    return {
        "@odata.type": "#TaskService.v1_3_0.TaskService",
        "Id": "TaskService",
        "Name": "Task Service",
        "DateTime": now(),
        "CompletedTaskOverWritePolicy": "Oldest",
        "ServiceEnabled": True,
        "Status": healthy(),
        "Tasks": link(TASKS),
    }
