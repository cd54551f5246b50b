"""How the parts of a summary look."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

_BETWEEN = "   "


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
