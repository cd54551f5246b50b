"""Looks at a device that many racks wait for: one at a time, and one for all who wait."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """Looks once for all who ask before the look begins.

    Whoever comes later waits for the next one: what is seen is never from before it was asked for.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Task[T]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def look(self, name: str, look: Callable[[], Awaitable[T]]) -> T:
        """Return what is seen of the device of that name."""
        waiting = self._waiting.get(name)
        if waiting is None:
            waiting = self._waiting[name] = asyncio.create_task(self._when_free(name, look))
            # Where everybody who asked has been stopped, nobody is there to hear what went wrong.
            waiting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(waiting)

    async def _when_free(self, name: str, look: Callable[[], Awaitable[T]]) -> T:
        async with self._turns[name]:
            del self._waiting[name]
            return await look()
