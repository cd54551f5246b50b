"""Work that takes longer than a request: TaskService, tasks and their monitors."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import ROOT, Body, Reply, Tree, healthy, link

TASKS = f"{ROOT}/TaskService/Tasks"
MONITORS = f"{ROOT}/TaskService/TaskMonitors"
KEPT = 32
"""How many tasks a controller remembers."""


class Tasks:
    """The tasks of one controller; like its sessions they do not outlive a restart of it."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._running: set[asyncio.Task[None]] = set()
        self._paths: list[tuple[str, str]] = []
        self._count = 0
        tree.add(f"{ROOT}/TaskService", _service)
        tree.add_collection(TASKS, "Task", "Tasks")

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> Reply:
        """Run `work` as a task, and return the answer 202 that points to it."""
        self._count += 1
        job = asyncio.create_task(work)
        self._running.add(job)
        job.add_done_callback(self._running.discard)
        shown = _Shown(number=self._count, name=name, job=job)
        path, monitor = f"{TASKS}/{self._count}", f"{MONITORS}/{self._count}"
        self._tree.add(path, shown.body)
        self._tree.add(monitor, shown.body, status=lambda: 200 if job.done() else 202)
        self._paths.append((path, monitor))
        for old in self._paths[:-KEPT]:
            for one in old:
                self._tree.resources.pop(one, None)
        self._paths = self._paths[-KEPT:]
        body = {**shown.body(), "@odata.id": path}
        return Reply(status=202, body=body, headers={"Location": monitor, "Retry-After": "1"})

    async def finished(self) -> None:
        """Wait until nothing runs any more, however it ended."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """Cancel what is still running, and wait until it has ended."""
        for job in list(self._running):
            job.cancel()
        await self.finished()


class _Shown:
    """One task as its resource shows it."""

    def __init__(self, *, number: int, name: str, job: asyncio.Task[None]) -> None:
        self._number, self._name, self._job = number, name, job
        self._start = _now()
        self._end = ""
        job.add_done_callback(self._ended)

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._end = _now()
        if not job.cancelled():
            job.exception()

    def body(self) -> Body:
        state, status = self._state()
        return {
            "@odata.type": "#Task.v1_7_4.Task",
            "Id": str(self._number),
            "Name": self._name,
            "TaskState": state,
            "TaskStatus": status,
            "StartTime": self._start,
            **({"EndTime": self._end} if self._end else {}),
            "TaskMonitor": f"{MONITORS}/{self._number}",
            "Messages": self._messages(),
        }

    def _state(self) -> tuple[str, str]:
        if not self._job.done():
            return "Running", "OK"
        if self._job.cancelled():
            return "Cancelled", "Warning"
        return ("Exception", "Critical") if self._job.exception() else ("Completed", "OK")

    def _messages(self) -> list[Body]:
        if not self._job.done() or self._job.cancelled():
            return []
        error = self._job.exception()
        return [message("GeneralError", resolution=f"{error}.") if error else message("Success")]


def _service() -> Body:
    return {
        "@odata.type": "#TaskService.v1_3_0.TaskService",
        "Id": "TaskService",
        "Name": "Task Service",
        "DateTime": _now(),
        "CompletedTaskOverWritePolicy": "Oldest",
        "ServiceEnabled": True,
        "Status": healthy(),
        "Tasks": link(TASKS),
    }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
