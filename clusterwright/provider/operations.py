"""The operations in flight: they end by themselves, in time, or when the engine cancels."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from clusterwright.errors import OperationError

T = TypeVar("T")

# The engine gives a provider five seconds; what is in flight gets most of them to end well.
GRACE_S = 3.0


class OperationCancelled(OperationError):
    """The operator stopped the run; the next one goes on from there."""


class Operations:
    """Runs operations so that all of them can be stopped at once."""

    def __init__(self, *, grace_s: float = GRACE_S) -> None:
        self.cancelled = asyncio.Event()
        self._grace_s = grace_s
        self._tasks: set[asyncio.Future[Any]] = set()
        self._stopping: asyncio.Task[None] | None = None

    async def run(self, work: Awaitable[T], *, limit_s: float = 0) -> T:
        """Wait for `work`; 0 means without a limit of time.

        Raises:
            OperationCancelled: the engine cancelled before the work had ended.
            OperationError: the limit has passed.
        """
        task = asyncio.ensure_future(work)
        if self.cancelled.is_set():
            task.cancel()
        self._tasks.add(task)
        try:
            async with asyncio.timeout(limit_s or None) as limit:
                return await task
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise OperationError(
                f"not done after {limit_s:g} s, the resource's custom timeout: "
                "raise the timeout, or run up again"
            ) from error
        except asyncio.CancelledError:
            if not self.cancelled.is_set():
                raise
            raise OperationCancelled("cancelled; the next up goes on from here") from None
        finally:
            self._tasks.discard(task)

    def cancel(self) -> None:
        """Ask everything in flight to end, and stop after the grace what has not."""
        self.cancelled.set()
        if self._stopping is None:
            self._stopping = asyncio.get_running_loop().create_task(self._stop())

    async def stopped(self) -> None:
        """Cancel, and return when nothing is in flight any more."""
        self.cancel()
        if self._stopping is not None:
            await self._stopping

    async def _stop(self) -> None:
        tasks = set(self._tasks)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._grace_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
