"""A manifest as a table of text, from CSV or XLSX, and the same file without its secrets."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clusterwright.errors import OperationError, UsageError
from clusterwright.operate.intake.columns import is_header
from clusterwright.whole_file import replace_file

if TYPE_CHECKING:
    from openpyxl import Workbook

HEADER_WITHIN = 30
"""Above their table, vendors write addresses and greetings: so many rows at most."""
_DELIMITERS = ",;\t|"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODINGS = ("utf-8", "cp1252")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one line, as many as the header has."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a file says below its header. `encoding` and `delimiter` are empty for XLSX."""

    file: Path
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    title: str = ""
    """Of the sheet of a workbook."""
    encoding: str = ""
    delimiter: str = ""


def read_sheet(file: Path, chosen: Mapping[str, str]) -> Sheet:
    """Read a manifest; its header is the first row with a column of serial numbers.

    Raises:
        UsageError: the file cannot be read, or has no such row.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"manifest {file}: cannot be read ({error.strerror})") from error
    found = (
        _in_workbook(file, content, chosen) if _is_xlsx(content) else _in_csv(file, content, chosen)
    )
    if found is None:
        wanted = chosen.get("serial", "serial numbers (Serial Number, S/N, Service Tag)")
        raise UsageError(
            f"manifest {file}: none of its first {HEADER_WITHIN} rows has a column {wanted}; "
            "say which column it is: --column serial='NAME IN THE FILE'"
        )
    return found


def blank(sheet: Sheet, column: int, lines: Iterable[int]) -> None:
    """Write the file again with the cells of `column` in `lines` empty.

    Raises:
        OperationError: it cannot be written.
    """
    wanted = {row.line for row in sheet.rows if row.cells[column]} & set(lines)
    if not wanted:
        return
    content = sheet.file.read_bytes()
    edit = _blank_csv if sheet.delimiter else _blank_workbook
    try:
        mode = sheet.file.stat().st_mode & 0o777
        replace_file(sheet.file.resolve(), edit(sheet, content, column, wanted), mode)
    except OSError as error:
        raise OperationError(
            f"manifest {sheet.file}: its passwords are in the vault now, but it cannot be written "
            f"without them ({error.strerror}): remove them from it, or the file"
        ) from error


def _is_xlsx(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def _in_csv(file: Path, content: bytes, chosen: Mapping[str, str]) -> Sheet | None:
    text, encoding = _decoded(file, content)
    for delimiter in _DELIMITERS:
        found = _below_header(_lines(text, delimiter), chosen)
        if found:
            header, rows = found
            return Sheet(
                file=file, header=header, rows=rows, encoding=encoding, delimiter=delimiter
            )
    return None


def _decoded(file: Path, content: bytes) -> tuple[str, str]:
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else _ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UsageError(f"manifest {file}: is no text; save it as CSV in UTF-8, or as XLSX")


def _lines(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines, first = [], 1
    for cells in reader:
        lines.append((first, cells))
        first = reader.line_num + 1
    return lines


def _in_workbook(file: Path, content: bytes, chosen: Mapping[str, str]) -> Sheet | None:
    for sheet in _workbook(file, content).worksheets:
        lines = [
            (number, [_text(cell) for cell in cells])
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
        if found := _below_header(lines, chosen):
            return Sheet(file=file, header=found[0], rows=found[1], title=sheet.title)
    return None


def _below_header(
    lines: Sequence[tuple[int, Sequence[str]]], chosen: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[Row, ...]] | None:
    for i, (_, cells) in enumerate(lines[:HEADER_WITHIN]):
        if is_header(cells, chosen):
            header = tuple(cell.strip() for cell in cells)
            rows = (_row(line, below, len(header)) for line, below in lines[i + 1 :])
            return header, tuple(row for row in rows if any(row.cells))
    return None


def _row(line: int, cells: Sequence[str], width: int) -> Row:
    padded = [*(cell.strip() for cell in cells), *[""] * width]
    return Row(line=line, cells=tuple(padded[:width]))


def _text(cell: Any) -> str:
    """Write what a cell shows: a serial number of digits is no sum."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _workbook(file: Path, content: bytes) -> "Workbook":
    # It takes a tenth of a second, which CSV need not wait for.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        return load_workbook(io.BytesIO(content))
    except Exception as error:  # openpyxl has no base of its errors
        raise UsageError(f"manifest {file}: is no workbook that can be read ({error})") from error


def _blank_csv(sheet: Sheet, content: bytes, column: int, wanted: set[int]) -> bytes:
    text = content.decode(sheet.encoding)
    written = io.StringIO(newline="")
    ending = "\r\n" if "\r\n" in text else "\n"
    writer = csv.writer(written, delimiter=sheet.delimiter, lineterminator=ending)
    for line, cells in _lines(text, sheet.delimiter):
        if line in wanted:
            cells[column] = ""
        writer.writerow(cells)
    return written.getvalue().encode(sheet.encoding)


def _blank_workbook(sheet: Sheet, content: bytes, column: int, wanted: set[int]) -> bytes:
    book = _workbook(sheet.file, content)
    secrets = {row.cells[column] for row in sheet.rows if row.line in wanted}
    for page in book.worksheets:
        for cells in page.iter_rows():
            for cell in cells:
                # A copy of a password on another sheet is one, too.
                if _text(cell.value) in secrets:
                    cell.value = None
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
