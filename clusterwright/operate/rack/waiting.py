"""Looking again until something has happened, or it is too late."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


async def until(
    look: Callable[[], Awaitable[T]],
    happened: Callable[[T], bool],
    *,
    deadline_s: float,
    pauses_s: Iterator[float],
) -> T:
    """Return what is seen when it has happened, or what is seen last."""
    ends_s = time.monotonic() + deadline_s
    while True:
        late = time.monotonic() >= ends_s
        seen = await look()
        if late or happened(seen):
            return seen
        await asyncio.sleep(next(pauses_s))
