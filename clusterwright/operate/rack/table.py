"""A table of racks and their steps."""

from collections.abc import Iterable, Sequence

from rich.box import ROUNDED
from rich.console import RenderableType
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.outcome import RackOutcome
from clusterwright.operate.rack.report import MARKS
from clusterwright.operate.rack.verdict import HELD_UP, Verdict

STYLES = {
    Verdict.PASS: "green",
    Verdict.NOT_PROVEN: "yellow",
    Verdict.TO_DO: "cyan",
    Verdict.WAITS: "bold magenta",
    Verdict.FAIL: "bold red",
}
_NAMED_WIDTH = 108
_SPINNER = Spinner("dots", style="cyan")


def table_of(
    site: str,
    outcomes: Iterable[RackOutcome],
    gates: Sequence[Gate],
    caption: Text,
    *,
    width: int,
) -> Table:
    """Lay out a row for each rack, and a column for each step; names of steps where they fit.

    Where they do not, they stand below the table.
    """
    named = width >= _NAMED_WIDTH
    steps = " · ".join(f"{gate.step} {gate.short}" for gate in gates)
    below = caption if named else Text("\n").join([caption, Text(steps, style="dim")])
    table = Table(
        box=ROUNDED,
        title=f"Site {site}",
        title_justify="left",
        title_style="bold",
        caption=below,
        caption_justify="left",
        caption_style="",
        expand=True,
    )
    table.add_column("rack", style="bold", no_wrap=True)
    for gate in gates:
        head = f"{gate.step}\n{gate.short}" if named else str(gate.step)
        table.add_column(head, justify="center", no_wrap=True)
    table.add_column("now", ratio=1, no_wrap=True, overflow="ellipsis")
    for outcome in outcomes:
        table.add_row(outcome.rack, *(_cell(outcome, gate) for gate in gates), _now(outcome))
    return table


def caption_of(outcomes: Iterable[RackOutcome], hidden: int = 0) -> Text:
    """Count racks by how they stand."""
    every = tuple(outcomes)
    held = [one.verdict for one in every if one.held_at]
    counts = (
        ("in service", sum(one.in_service for one in every), STYLES[Verdict.PASS]),
        ("as far as asked", sum(_as_asked(one) for one in every), STYLES[Verdict.PASS]),
        ("under way", sum(bool(one.step) and not one.ended for one in every), "cyan"),
        (Verdict.FAIL.value, held.count(Verdict.FAIL), STYLES[Verdict.FAIL]),
        ("wait for a person", held.count(Verdict.WAITS), STYLES[Verdict.WAITS]),
        ("to come", sum(not one.step for one in every), "dim"),
        ("not shown", hidden, "dim"),
    )
    parts = [Text(f"{number} {word}", style=style) for word, number, style in counts if number]
    return Text(" · ").join(
        [Text(f"{len(every)} {'rack' if len(every) == 1 else 'racks'}"), *parts]
    )


def by_interest(outcome: RackOutcome) -> int:
    """Rank what somebody must act on first, then what moves, then what is done or to come."""
    if outcome.held_at:
        return 0
    if outcome.step and not outcome.ended:
        return 1
    return 2 if outcome.ended else 3


def _as_asked(outcome: RackOutcome) -> bool:
    return outcome.ended and not outcome.held_at and not outcome.in_service


def _cell(outcome: RackOutcome, gate: Gate) -> RenderableType:
    done = next((one for one in outcome.gates if one.step == gate.step), None)
    if done:
        return Text(MARKS[done.verdict], style=STYLES[done.verdict])
    if outcome.doing and gate.step == outcome.step:
        return _SPINNER
    return Text("·", style="dim")


def _now(outcome: RackOutcome) -> Text:
    if held := outcome.held_at:
        first = next(check for check in held.open if check.verdict in HELD_UP)
        return Text(f"{first.subject}: {first.found}", style=STYLES[held.verdict])
    if outcome.doing:
        return Text(outcome.note or outcome.doing, style="cyan")
    if outcome.in_service:
        return Text("in service", style="green")
    return Text("", style="dim")
