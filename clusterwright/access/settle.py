"""Reading again until a device has become what it was told to be."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from clusterwright.access.guard import Difference
from clusterwright.errors import DeviceRefused, DeviceUnreachable

S = TypeVar("S")

_POLL_S = 0.25
_POLL_AT_MOST_S = 5.0


async def settle(
    device: str,
    read: Callable[[], Awaitable[S]],
    unfinished: Callable[[S], tuple[Difference, ...]],
    *,
    deadline_s: float,
) -> S:
    """Return the first state of which nothing is unfinished.

    A controller may be gone for a while when its server resets: that is not a failure before
    the deadline.

    Raises:
        DeviceRefused: something did not take before the deadline; the error says what.
        DeviceUnreachable: the device no longer answers.
    """
    ends = time.monotonic() + deadline_s
    poll_s = _POLL_S
    while True:
        try:
            state = await read()
        except DeviceUnreachable:
            if time.monotonic() >= ends:
                raise
        else:
            left = unfinished(state)
            if not left:
                return state
            if time.monotonic() >= ends:
                raise DeviceRefused(f"{device}: {_did_not_take(left, deadline_s)}")
        await asyncio.sleep(poll_s)
        poll_s = min(poll_s * 1.5, _POLL_AT_MOST_S)


def _did_not_take(left: tuple[Difference, ...], deadline_s: float) -> str:
    each = ", ".join(f"{d.path} is {d.actual}, but must be {d.expected}" for d in left)
    return (
        f"did not take after {deadline_s:g} s: {each}; "
        f"look into the device's log, and run the same command again"
    )
