"""What one operation on one resource tells the operator, and how it learns to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from clusterwright.provider.console import INFO, WARNING, Console

TICK_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The console lines of one resource; `cancelled` is set when the engine wants to stop."""

    console: Console
    urn: str
    cancelled: asyncio.Event

    def tick(self, message: str) -> None:
        """Show what is going on; the next tick replaces it."""
        self.console.show(INFO, message, self.urn, ephemeral=True)

    def info(self, message: str) -> None:
        self.console.show(INFO, message, self.urn)

    def warning(self, message: str) -> None:
        self.console.show(WARNING, message, self.urn)

    @asynccontextmanager
    async def ticking(self, message: str, waiting: object = "") -> AsyncIterator[None]:
        """Show `message` with the seconds it has taken, as long as the block runs.

        While `waiting` says something as a text, it is shown instead.
        """
        ticker = asyncio.create_task(self._tick(message, waiting))
        try:
            yield
        finally:
            ticker.cancel()

    async def _tick(self, message: str, waiting: object) -> None:
        seconds = 0
        while True:
            said = str(waiting) or message
            self.tick(f"{said} ({seconds} s)" if seconds else said)
            await asyncio.sleep(TICK_S)
            seconds += TICK_S
