"""Racks and their steps on the terminal, live; where there is none, a line for each step."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.outcome import RackOutcome
from clusterwright.operate.rack.table import by_interest, caption_of, table_of

_AROUND = 10
"""Lines of the terminal that are not rows of racks."""


class Board:
    """Hears outcomes and shows them; what somebody must act on comes first where room is short."""

    def __init__(
        self, site: str, racks: Sequence[str], gates: Sequence[Gate], console: Console
    ) -> None:
        self._site, self._gates, self._console = site, gates, console
        self._racks = {name: RackOutcome(rack=name) for name in racks}
        # The summary after it says how everything has ended.
        self._live = Live(
            get_renderable=self.table, console=console, refresh_per_second=6, transient=True
        )

    @property
    def _lively(self) -> bool:
        """Whether what is shown can be written over: a dumb terminal is told line by line."""
        return self._console.is_terminal and not self._console.is_dumb_terminal

    def __enter__(self) -> Self:
        if self._lively:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lively:
            self._live.stop()

    def hear(self, outcome: RackOutcome) -> None:
        """Take in how a rack stands now."""
        before = self._racks[outcome.rack]
        self._racks[outcome.rack] = outcome
        if not self._lively and len(outcome.gates) > len(before.gates):
            gate = outcome.gates[-1]
            self._console.print(
                f"{outcome.rack}: step {gate.step}, {gate.title}: {gate.verdict} "
                f"({gate.seconds:.1f} s)",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )

    def table(self) -> Table:
        """Lay out what fits on the terminal now."""
        every = tuple(self._racks.values())
        room = max(3, self._console.height - _AROUND)
        names = {one.rack for one in sorted(every, key=by_interest)[:room]}
        shown = [one for one in every if one.rack in names]
        caption = caption_of(every, hidden=len(every) - len(shown))
        width = self._console.width
        return table_of(self._site, shown, self._gates, caption, width=width)
