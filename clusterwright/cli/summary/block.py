"""How the parts of a summary look."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape

_BETWEEN = "   "
_AT_MOST_SPANS = 6


def print_table(
    console: Console,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[str] = (),
) -> None:
    """Print rows below an empty line and a heading, if there are any.

    Columns of `numbers` stand to the right. Lines are as long as they are: where a terminal is
    narrow, it folds the last column.
    """
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]

    def aligned(row: Sequence[str]) -> str:
        cells = (
            cell.rjust(width) if name in numbers else cell.ljust(width)
            for name, cell, width in zip(columns, row, widths, strict=True)
        )
        return escape(_BETWEEN.join(cells).rstrip())

    console.print()
    console.print(f"[dim]{aligned(columns)}[/]", highlight=False, soft_wrap=True)
    for row in rows:
        console.print(aligned(row), highlight=False, soft_wrap=True)


def spans(names: Iterable[str]) -> str:
    """Write names that count up as spans: r1 … r4, r7; and very many as how many they are."""
    runs: list[list[str]] = []
    for name in names:
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    if len(runs) > _AT_MOST_SPANS:
        return f"{sum(map(len, runs))} from {runs[0][0]} to {runs[-1][-1]}"
    written = (f"{run[0]} … {run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)
    return ", ".join(written)


def _follows(before: str, after: str) -> bool:
    (head, number), (other_head, other) = _split(before), _split(after)
    return bool(number and other) and head == other_head and int(other) == int(number) + 1


def _split(name: str) -> tuple[str, str]:
    head = name.rstrip("0123456789")
    return head, name[len(head) :]
