"""Changes of one file that many ask for at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Gathered(Generic[T]):
    """Makes changes one after the other, each when it is asked for.

    A write may take a while: whoever comes meanwhile is served by the one write that follows. So
    nobody waits for more than two, however many there are.
    """

    def __init__(self, change_file: Callable[[Callable[[T], T]], object]) -> None:
        """`change_file` lets a change work on what the file holds, while nobody else writes it."""
        self._change_file = change_file
        self.turn = asyncio.Lock()
        """Held while the file is written."""
        self._waiting: list[Callable[[T], T]] = []
        self.writes = 0

    async def change(self, change: Callable[[T], T]) -> None:
        """Return when the change is written, by ourselves or by whoever had the turn before."""
        self._waiting.append(change)
        async with self.turn:
            if change not in self._waiting:
                return
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._write, batch)
            except BaseException:
                # Whoever waits for one of the others tries it anew, and hears why it fails.
                self._waiting = [one for one in batch if one is not change] + self._waiting
                raise

    def _write(self, batch: Sequence[Callable[[T], T]]) -> None:
        def all_of_them(content: T) -> T:
            for one in batch:
                content = one(content)
            return content

        self._change_file(all_of_them)
        self.writes += 1
