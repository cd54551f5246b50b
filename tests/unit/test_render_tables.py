"""Tables for people and technicians: every row of the plan, and numbers that add up."""

from csv import DictReader
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.render.devices import list_devices
from clusterwright.render.names import list_names
from clusterwright.render.table import markdown, render_balance
from clusterwright.render.workbook import render_workbook
from clusterwright.site_folder import find_site


@pytest.fixture(scope="module")
def plan():
    return design(load_site(find_site("lab")))


@pytest.fixture(scope="module")
def book(plan):
    return load_workbook(BytesIO(render_workbook(plan)))


def rows(book, sheet):
    header, *rest = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rest]


def test_every_device_cord_address_and_cable_is_a_row(book, plan):
    assert len(rows(book, "devices")) == len(list(list_devices(plan)))
    assert len(rows(book, "power cords")) == sum(len(pdu.outlets) for pdu in plan.pdus)
    assert len(rows(book, "addresses")) == len(list(list_names(plan)))
    assert len(rows(book, "cut sheet")) == len({link.piece for link in plan.links})
    assert [row["rack"] for row in rows(book, "racks")] == [rack.name for rack in plan.racks]


def test_devices_are_listed_from_the_floor_up(book):
    r1 = [row["lowest unit"] for row in rows(book, "devices") if row["rack"] == "r1"]
    assert r1 == sorted(r1)


def test_lengths_and_units_are_numbers(book):
    row = rows(book, "cut sheet")[0]
    assert isinstance(row["length m"], float | int)
    assert isinstance(row["a unit"], float | int)


def test_every_sheet_has_a_frozen_heading_filters_and_widths(book):
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet["A1"].font.bold
        assert all(one.width > 3 for one in sheet.column_dimensions.values())


def test_equal_plans_give_equal_workbooks(plan):
    written = render_workbook(plan)
    assert written == render_workbook(plan)
    with ZipFile(BytesIO(written)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert properties.count("1980-01-01T00:00:00Z") == 2


def test_the_balance_of_racks_adds_up_to_the_plan(plan):
    table = list(DictReader(render_balance(plan)["balance/racks.csv"].splitlines()))
    assert sum(float(row["power_kw"]) for row in table) == pytest.approx(
        sum(rack.power_watts for rack in plan.racks) / 1000
    )


def test_the_fullest_limit_comes_first(plan):
    table = list(DictReader(render_balance(plan)["balance/limits.csv"].splitlines()))
    shares = [float(row["share"]) for row in table]
    assert shares == sorted(shares, reverse=True)
    assert len(table) == len(plan.usages)


def test_the_page_names_the_fullest_of_each_limit(plan):
    page = render_balance(plan)["balance.md"]
    assert {usage.limit for usage in plan.usages} <= {
        cell.strip() for line in page.splitlines() for cell in line.split("|")
    }


def test_numbers_stand_to_the_right_and_nothing_stands_for_none():
    assert list(markdown(("name", "watts"), [("r1", 5), ("rack2", None)])) == [
        "| name  | watts |",
        "| ----- | ----: |",
        "| r1    |     5 |",
        "| rack2 |       |",
    ]
