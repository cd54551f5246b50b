"""Operations that a device goes on with after it has answered (202 and a task monitor)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from clusterwright.access.redfish.exchange import Reply, Request, refused
from clusterwright.access.redfish.messages import said
from clusterwright.access.redfish.session import location
from clusterwright.errors import DeviceRefused

if TYPE_CHECKING:
    from clusterwright.access.redfish.client import Redfish

TASK_DEADLINE_S = 600.0
RUNNING = frozenset(
    {"New", "Starting", "Running", "Pending", "Service", "Stopping", "Cancelling", "Suspended"}
)
# A relay has moved after a tenth of a second, a reset takes minutes: looks become rarer.
_POLL_S = 0.1
_POLL_AT_MOST_S = 5.0


Check = Callable[[str, float], Awaitable[None]]
"""Told after each look how a running task stands, and for how many seconds it has been awaited."""


async def finish(
    client: "Redfish",
    reply: Reply,
    *,
    deadline_s: float = TASK_DEADLINE_S,
    check: Check | None = None,
) -> Reply:
    """Wait until what `reply` began has ended, and return the final reply.

    What `check` raises ends the wait.

    Raises:
        DeviceRefused: the task failed, or still runs at the deadline.
    """
    monitor = location(reply) or str(reply.body.get("@odata.id", ""))
    if reply.status != 202 or not monitor:
        return reply
    began = time.monotonic()
    poll_s = _POLL_S
    with client.waiting.until(deadline_s):
        while (waited_s := time.monotonic() - began) < deadline_s:
            await asyncio.sleep(_wait_s(reply, poll_s))
            poll_s = min(poll_s * 1.5, _POLL_AT_MOST_S)
            reply = await client.ask(Request(method="GET", path=monitor))
            if not _running(reply):
                return _ended(client.name, reply)
            stands = f"{monitor} {_stands(reply)}"
            client.waiting.see(f"task {stands}")
            if check:
                await check(stands, waited_s)
    raise DeviceRefused(
        f"{client.name}: task {monitor}: still runs after {deadline_s:g} s; "
        f"run the same command again to go on waiting for it"
    )


def _running(reply: Reply) -> bool:
    if reply.status == 202:
        return True
    return bool(_is_task(reply) and reply.body.get("TaskState") in RUNNING)


def _ended(device: str, reply: Reply) -> Reply:
    if not reply.ok:
        raise refused(device, reply)
    state = reply.body.get("TaskState")
    critical = reply.body.get("TaskStatus") == "Critical"
    if _is_task(reply) and (state != "Completed" or critical):
        raise DeviceRefused(
            f"{device}: task {reply.request.path}: ended as {state}: "
            f"{said(reply.body) or 'it gives no reason'}; look into the device's log"
        )
    return reply


def _stands(reply: Reply) -> str:
    state, percent = reply.body.get("TaskState", "Running"), reply.body.get("PercentComplete")
    return f"is {state}" + (f" at {percent} %" if percent is not None else "")


def _is_task(reply: Reply) -> bool:
    return str(reply.body.get("@odata.type", "")).startswith("#Task.")


def _wait_s(reply: Reply, poll_s: float) -> float:
    """A device that says how long to wait is believed, within reason; 0 says nothing."""
    given = reply.headers.get("Retry-After", "")
    return min(float(given), _POLL_AT_MOST_S) if given.isdigit() and float(given) else poll_s
