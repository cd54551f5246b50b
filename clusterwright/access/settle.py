"""Reading again until a device has become what it was told to be."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.waiting import Waiting
from clusterwright.errors import DeviceRefused, DeviceUnreachable

S = TypeVar("S")

_POLL_S = 0.25
_POLL_AT_MOST_S = 5.0


async def watch(
    read: Callable[[], Awaitable[S]],
    unfinished: Callable[[S], tuple[Difference, ...]],
    *,
    deadline_s: float,
    waiting: Waiting | None = None,
) -> tuple[S, tuple[Difference, ...]]:
    """Return the first state of which nothing is unfinished, or the last before the deadline.

    A controller may be gone for a while when its server resets: that is no failure before the
    deadline. `waiting` is told what is unfinished.

    Raises:
        DeviceUnreachable: nobody answers at the deadline.
    """
    waiting = waiting or Waiting()
    ends = time.monotonic() + deadline_s
    poll_s = _POLL_S
    with waiting.until(deadline_s):
        while True:
            late = time.monotonic() >= ends
            try:
                state = await read()
                left = unfinished(state)
                if late or not left:
                    return state, left
                waiting.see(_each(left))
            except DeviceUnreachable:
                if late:
                    raise
                waiting.see("nobody answers")
            await asyncio.sleep(poll_s)
            poll_s = min(poll_s * 1.5, _POLL_AT_MOST_S)


async def settle(
    client: Redfish,
    read: Callable[[], Awaitable[S]],
    unfinished: Callable[[S], tuple[Difference, ...]],
    *,
    deadline_s: float,
    remark: str = "",
) -> S:
    """Watch a device, and insist; a `remark` is what the reader of the error has to know besides.

    Raises:
        DeviceRefused: something did not take before the deadline; the error says what.
    """
    state, left = await watch(read, unfinished, deadline_s=deadline_s, waiting=client.waiting)
    if left:
        raise DeviceRefused(
            f"{client.name}: {_each(left)}: did not take within {deadline_s:g} s"
            f"{remark}; look into the device's log, and run the same command again"
        )
    return state


def _each(left: tuple[Difference, ...]) -> str:
    return ", ".join(
        f"{d.path} is {d.actual}" + (f", but must be {d.expected}" if d.expected else "")
        for d in left
    )
