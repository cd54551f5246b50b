"""Tables as CSV (RFC 4180, line feeds)."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | int | float | None


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a header and the rows; None is an empty cell."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def number(value: float | None) -> str:
    """Write a number without digits that say nothing."""
    return "" if value is None else f"{value:g}"
