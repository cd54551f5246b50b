"""What a run has come to, for whoever acts on it now."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clusterwright.operate.rack.gate import Gate
from clusterwright.operate.rack.outcome import RackOutcome
from clusterwright.operate.rack.report import MARKS, grouped
from clusterwright.operate.rack.table import STYLES, caption_of, table_of
from clusterwright.operate.rack.verdict import Check, Verdict

_NAMES = 4
_LINES = 4


def print_summary(
    site: str,
    outcomes: Sequence[RackOutcome],
    gates: Sequence[Gate],
    reports: Path | None,
    console: Console,
) -> None:
    """Print how all racks stand, then what holds one up and what to do, then what is not proven."""
    caption = caption_of(outcomes)
    console.print(table_of(site, outcomes, gates, caption, width=console.width))
    seen = {gate.verdict for outcome in outcomes for gate in outcome.gates}
    marks = " · ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items() if verdict in seen)
    console.print(marks, style="dim", highlight=False)
    for outcome in outcomes:
        for gate in outcome.gates:
            wrong = [check for check in gate.open if check.verdict is not Verdict.NOT_PROVEN]
            if wrong:
                head = f"\nRack {outcome.rack}, step {gate.step}, {gate.title}"
                console.print(head, style="bold", highlight=False)
                _print_checks(grouped(wrong), console)
    doubtful = [c for o in outcomes for g in o.gates for c in g.open if _is_unproven(c)]
    if doubtful:
        console.print("\nNot proven", style="bold")
        _print_unproven(doubtful, console)
    if reports:
        console.print(f"\nReports lie in {reports}", style="dim", highlight=False, soft_wrap=True)


def _is_unproven(check: Check) -> bool:
    return check.verdict is Verdict.NOT_PROVEN


def _print_checks(checks: Iterable[tuple[str, Check]], console: Console) -> None:
    for subjects, check in checks:
        style = STYLES[check.verdict]
        head = ((f"  {MARKS[check.verdict]} ", style), (subjects, "bold"), f"  {check.sentence}")
        console.print(Text.assemble(*head))
        lines = [("found", Text(check.found, style=style)), ("do", Text(check.remedy))]
        lines += [("log", Text(line, style="dim")) for line in check.evidence[-_LINES:]]
        console.print(_lines(lines))


def _print_unproven(checks: Iterable[Check], console: Console) -> None:
    for subjects, check in grouped(checks):
        names = subjects.split(", ")
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        head = (("  ? ", "yellow"), (", ".join(names[:_NAMES]) + more, "bold"))
        console.print(Text.assemble(*head, f"  {check.sentence}"), soft_wrap=True)
        console.print(_lines([("because", Text(check.found, style="yellow"))]))


def _lines(lines: Iterable[tuple[str, Text]]) -> Padding:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in lines:
        if text.plain:
            grid.add_row(label, text)
    return Padding(grid, (0, 0, 0, 4), expand=False)
