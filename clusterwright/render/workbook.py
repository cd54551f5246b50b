"""One workbook for technicians: a sheet per table. Equal plans give equal bytes."""

import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from clusterwright.design.plan import SitePlan
from clusterwright.render import bill, cables
from clusterwright.render.csv_text import Cell
from clusterwright.render.table.balance import air_table, circuit_table, feed_table, limit_table
from clusterwright.render.table.inventory import device_table, rack_table
from clusterwright.render.table.table import Table
from clusterwright.render.table.wiring import address_table, cord_table

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive knows: a plan has no time."""
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NUMBERS = ("_m", "_unit", "_price", "cost")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_WIDEST = 48
_MEASURED_ROWS = 200


def render_workbook(plan: SitePlan) -> bytes:
    """Render site.xlsx."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = f"{plan.site}: what stands where, and how it is joined"
    workbook.properties.creator = "clusterwright"
    for table in list_sheets(plan):
        _add(workbook, table)
    written = BytesIO()
    workbook.save(written)
    return _without_times(written)


def list_sheets(plan: SitePlan) -> Sequence[Table]:
    """Return the sheets in their order."""
    cut_sheet = Table(name="cut sheet", columns=cables.COLUMNS, rows=list(cables.cable_rows(plan)))
    to_buy = Table(name="bill", columns=bill.COLUMNS, rows=list(bill.bill_rows(plan)))
    return (
        rack_table(plan),
        device_table(plan),
        cut_sheet,
        cord_table(plan),
        address_table(plan),
        to_buy,
        feed_table(plan),
        circuit_table(plan),
        air_table(plan),
        limit_table(plan),
    )


def _add(workbook: Workbook, table: Table) -> None:
    sheet = workbook.create_sheet(table.name)
    for column, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    last = get_column_letter(len(table.columns))
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
    sheet.append(_header(sheet, table.columns))
    for row in table.rows:
        sheet.append([_value(*pair) for pair in zip(table.columns, row, strict=True)])


def _header(sheet: WriteOnlyWorksheet, columns: Sequence[str]) -> list[SheetCell]:
    cells = []
    for name in columns:
        cell = WriteOnlyCell(sheet, value=name.replace("_", " "))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color="2F5D8C")
        cell.alignment = Alignment(vertical="center")
        cells.append(cell)
    return cells


def _widths(table: Table) -> list[int]:
    """Return how wide columns are, by their heading and the first rows."""
    measured = [table.columns, *table.rows[:_MEASURED_ROWS]]
    return [
        min(_WIDEST, 3 + max(len(str("" if cell is None else cell)) for cell in column))
        for column in zip(*measured, strict=True)
    ]


def _value(column: str, cell: Cell) -> Cell:
    """Return a number for the digits of a column of numbers: our CSV writes some as text."""
    if isinstance(cell, str):
        return (
            float(cell) if column.endswith(_NUMBERS) and _NUMBER.fullmatch(cell) else cell or None
        )
    return cell


def _without_times(written: BytesIO) -> bytes:
    """Write the archive anew, without the time at which it was made."""
    result = BytesIO()
    with ZipFile(written) as old, ZipFile(result, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(ZipInfo(name, _FIRST_DAY), content, ZIP_DEFLATED)
    return result.getvalue()
