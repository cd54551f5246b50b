"""Columns and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.render.csv_text import Cell, csv_text, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; numbers stay numbers, so that a sheet can reckon with them."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]

    @property
    def csv(self) -> str:
        return csv_text(self.columns, self.rows)


def markdown(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a table whose columns line up in plain text, too; numbers to the right."""
    shown = [[_words(cell) for cell in row] for row in rows]
    widths = [max(3, *map(len, column)) for column in zip(columns, *shown, strict=True)]
    right = [
        bool(rows) and all(row[k] is None or isinstance(row[k], int | float) for row in rows)
        for k in range(len(columns))
    ]
    rule = ["-" * (width - 1) + (":" if r else "-") for width, r in zip(widths, right, strict=True)]
    for row in (columns, rule, *shown):
        cells = (
            cell.rjust(width) if r else cell.ljust(width)
            for cell, width, r in zip(row, widths, right, strict=True)
        )
        yield f"| {' | '.join(cells)} |"


def _words(cell: Cell) -> str:
    return number(cell) if isinstance(cell, float) else "" if cell is None else str(cell)
