"""Drawings: everything that stands in a rack is on them, to scale, and on the paper."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from clusterwright.design.plan import Equipment, FloorPlace
from clusterwright.render.devices import list_devices
from clusterwright.render.drawing import render_drawings
from clusterwright.render.drawing.aisles import list_aisles, list_rows
from clusterwright.render.drawing.legend import Key, fold
from clusterwright.render.drawing.paper import choose_scale
from clusterwright.render.svg import fit, text_width
from tests.plans import lab_plan

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?[\d.]+"


def parse(drawing):
    return ET.fromstring(drawing)  # noqa: S314 - we have drawn it ourselves


def words(drawing):
    return [node.text for node in parse(drawing).iter(f"{SVG}text")]


def placed(node, x=0.0, y=0.0, scale=1.0):
    """Yield every element with where on the paper its corner is, and how it is scaled there."""
    for child in node:
        transform = child.get("transform", "")
        moved = re.match(rf"translate\(({NUMBER}) ({NUMBER})\)", transform)
        dx, dy = map(float, moved.groups()) if moved else (0.0, 0.0)
        enlarged = re.search(rf"scale\(({NUMBER})\)", transform)
        here = (x + dx * scale, y + dy * scale, scale * (float(enlarged[1]) if enlarged else 1.0))
        yield child, *here
        yield from placed(child, *here)


def rows_of(plan, *names):
    """Return the plan with its racks in rows behind each other, fronts to cold aisles."""
    racks = tuple(
        replace(rack, row=row, x_mm=0, y_mm=2400 * i, front="north" if i % 2 else "south")
        for i, (rack, row) in enumerate(zip(plan.racks, names, strict=True))
    )
    return replace(plan, racks=racks)


def test_every_device_is_on_the_elevation_from_both_sides():
    plan = lab_plan()
    shown = words(render_drawings(plan)["drawings/elevation-row1.svg"])
    for device in list_devices(plan):
        assert shown.count(device.name) == 2, device.name


def test_every_cord_is_shown_with_its_feed_and_outlet():
    plan = lab_plan()
    shown = words(render_drawings(plan)["drawings/elevation-row1.svg"])
    for node in plan.nodes:
        for supply in node.power_supplies:
            assert f"{supply.pdu[-1].upper()} {supply.outlet}" in shown
    cords = [word for word in shown if re.fullmatch(r"[ABC] \d+", word or "")]
    assert len(cords) == sum(len(node.power_supplies) for node in plan.nodes)


def test_every_unit_of_a_rack_is_numbered_and_what_is_free_is_blanked():
    shown = words(render_drawings(lab_plan())["drawings/elevation-row1.svg"])
    assert {str(unit) for unit in range(1, 49)} <= set(shown)
    panels = [word for word in shown if word and word.endswith("blanking")]
    assert panels == ["3 U blanking", "28 U blanking", "32 U blanking"]  # two in r1, one in r2


def test_a_device_is_as_high_as_its_units_at_one_to_ten():
    root = parse(render_drawings(lab_plan())["drawings/elevation-row1.svg"])
    named = {
        node.findtext(f"{SVG}text"): node.find(f"{SVG}rect")
        for node in root.iter(f"{SVG}g")
        if node.find(f"{SVG}rect") is not None and node.find(f"{SVG}text") is not None
    }
    height = float(named["su1-n1"].get("height"))
    assert height == pytest.approx(8 * 4.445 - 0.3, abs=0.01)
    assert float(named["head"].get("height")) == pytest.approx(4.445 - 0.3, abs=0.01)


@pytest.mark.parametrize(
    "drawing", ["drawings/elevation-row1.svg", "drawings/floor.svg", "drawings/floor-power.svg"]
)
def test_nothing_is_beside_the_paper(drawing):
    root = parse(render_drawings(lab_plan())[drawing])
    _, _, width, height = map(float, root.get("viewBox").split())
    for node, x, y, scale in placed(root):
        if node.tag == f"{SVG}rect":
            right = x + scale * (float(node.get("x")) + float(node.get("width")))
            bottom = y + scale * (float(node.get("y")) + float(node.get("height")))
            assert x + scale * float(node.get("x")) >= -0.01
            assert right <= width + 0.01
            assert bottom <= height + 0.01


def test_the_power_bar_says_how_much_of_the_limit_is_used():
    shown = words(render_drawings(lab_plan())["drawings/elevation-row1.svg"])
    assert "20.4 of 44 kW" in shown
    assert "46 %" in shown


def test_each_row_has_a_sheet_of_its_own():
    drawings = render_drawings(rows_of(lab_plan(), "north", "south"))
    assert {"drawings/elevation-north.svg", "drawings/elevation-south.svg"} <= drawings.keys()


def test_aisles_are_cold_where_fronts_look_at_each_other():
    rows = list_rows(rows_of(lab_plan(), "one", "two"))
    assert [(a.air, a.outer) for a in list_aisles(rows)] == [
        ("hot", True),
        ("cold", False),
        ("hot", True),
    ]


def test_the_floor_names_racks_rows_loops_and_their_cdus():
    shown = words(render_drawings(lab_plan())["drawings/floor.svg"])
    assert {"r1", "r2", "row1", "tcs1 · cdu1 · 32 °C", "COLD AISLE", "HOT AISLE", "N"} <= set(shown)


def test_a_device_that_looks_to_the_rear_shows_its_cords_in_front():
    plan = lab_plan()
    node = plan.nodes[0]
    turned = replace(node, mount=replace(node.mount, face="rear"))
    drawing = render_drawings(replace(plan, nodes=(turned, *plan.nodes[1:])))
    front, rear = drawing["drawings/elevation-row1.svg"].split(">REAR<")
    assert ">10.101.0.11<" in rear
    assert ">10.101.0.11<" not in front
    assert ">A 1<" in front


def test_a_tank_lies_on_the_sheet_and_its_free_slots_take_no_panels():
    plan = lab_plan()
    tank = replace(plan.racks[1], tank=True, width_mm=2500, depth_mm=1000, sides=())
    drawing = render_drawings(replace(plan, racks=(plan.racks[0], tank)))
    shown = words(drawing["drawings/elevation-row1.svg"])
    assert "32 U free" in shown
    assert any("seen from above" in word for word in shown)


def a_cdu(*, width_mm: int | None, depth_mm: int | None) -> Equipment:
    place = FloorPlace(
        name="cdu1", row="row1", place=2, x_mm=1500, y_mm=0, width_mm=width_mm, depth_mm=depth_mm
    )
    return Equipment(
        name="cdu1",
        kind="cdu",
        model="a-cdu",
        mount=None,
        floor=place,
        weight_kg=None,
        power_watts=0,
        liquid_watts=0,
    )


def test_a_cdu_beside_the_racks_stands_on_the_floor_plan():
    plan = replace(lab_plan(), equipment=(a_cdu(width_mm=800, depth_mm=1200),))
    assert "cdu1" in words(render_drawings(plan)["drawings/floor.svg"])
    assert list_rows(plan)[0].east_mm == 2300


def test_a_cdu_whose_width_nobody_says_is_within_its_row():
    """So the length that is written behind the row is beside it, not under it."""
    cdu = a_cdu(width_mm=None, depth_mm=None)
    assert list_rows(replace(lab_plan(), equipment=(cdu,)))[0].east_mm == 2100


def test_the_legend_has_no_line_of_cords_where_no_pdu_is():
    plan = lab_plan()
    assert "power cord to" in words(render_drawings(plan)["drawings/elevation-row1.svg"])
    racks = tuple(replace(rack, sides=()) for rack in plan.racks)
    without = {
        key: tuple(replace(one, power_supplies=()) for one in getattr(plan, key))
        for key in ("nodes", "management_hosts", "switches")
    }
    bare = render_drawings(replace(plan, racks=racks, pdus=(), **without))
    assert "power cord to" not in words(bare["drawings/elevation-row1.svg"])


@pytest.mark.parametrize(
    ("width_m", "height_m", "scale"),
    [
        pytest.param(6, 3, 20, id="a-row-on-A3"),
        pytest.param(20, 10, 50, id="some-rows-on-A2"),
        pytest.param(90, 60, 100, id="a-hall-on-A0"),
    ],
)
def test_a_floor_is_as_large_as_its_paper_allows(width_m, height_m, scale):
    assert choose_scale(width_m * 1000, height_m * 1000, below=14) == scale


def test_text_without_room_ends_in_an_ellipsis():
    short = fit("a-very-long-name-of-a-device", 20, 2.5)
    assert short.endswith("…")
    assert text_width(short, 2.5) <= 20
    assert fit("n1", 20, 2.5) == "n1"


def test_a_long_name_is_written_smaller_before_it_is_cut():
    plan = lab_plan()
    host = replace(plan.management_hosts[0], name="storage-server-leaf12")
    drawing = render_drawings(replace(plan, management_hosts=(host,)))
    assert words(drawing["drawings/elevation-row1.svg"]).count("storage-server-leaf12") == 2


def with_two_pdus_on_feed_a(plan):
    """Return the plan with feed B's PDU of r1 as a second one on feed A."""
    pdus = tuple(
        replace(pdu, feed="A") if pdu.name == "r1-pdu-b" else pdu
        for pdu in plan.pdus
        if pdu.rack == "r1"
    )
    return replace(plan, pdus=pdus, racks=plan.racks[:1], loops=(), equipment=())


def test_a_cord_says_to_which_of_two_pdus_of_a_feed_it_goes():
    plan = with_two_pdus_on_feed_a(lab_plan())
    only = {
        key: tuple(one for one in getattr(plan, key) if one.mount.rack == "r1")
        for key in ("nodes", "switches", "panels")
    }
    shown = words(render_drawings(replace(plan, **only))["drawings/elevation-row1.svg"])
    supplies = {
        supply.pdu: supply.outlet for node in only["nodes"] for supply in node.power_supplies
    }
    assert f"A {supplies['r1-pdu-a']}" in shown
    assert f"A2 {supplies['r1-pdu-b']}" in shown
    assert "feed A, PDU A, A2, outlet number" in shown
    assert "feed C, outlet number" in shown


def test_a_rack_on_the_floor_says_how_much_more_is_in_it():
    plan = lab_plan()
    nodes = tuple(
        replace(
            node,
            server=f"model-{i}",
            mount=replace(node.mount, rack="r2"),
            power_supplies=(),
        )
        for i, node in enumerate(plan.nodes)
    )
    shown = words(render_drawings(replace(plan, nodes=nodes))["drawings/floor.svg"])
    named = [word for word in shown if word.startswith("1 × model-")]
    assert (len(named), shown.count("and 2 more")) == (2, 1)


def test_an_empty_rack_is_drawn_and_explained():
    plan = lab_plan()
    empty = replace(plan.racks[0], name="r3", x_mm=1500, place=2, sides=(), power_watts=0)
    drawings = render_drawings(replace(plan, racks=(*plan.racks, empty)))
    assert {"r3", "empty"} <= set(words(drawings["drawings/floor.svg"]))
    assert {"r3", "draws nothing"} <= set(words(drawings["drawings/floor-power.svg"]))


def test_a_use_has_the_same_colour_on_every_sheet():
    """Also where the floor shows it of no rack: each is coloured by what most of it is for."""
    plan = lab_plan()
    pools = ("tenant-a", "tenant-b", "tenant-b", "tenant-b")
    nodes = tuple(replace(n, pool=p) for n, p in zip(plan.nodes, pools, strict=True))
    drawings = render_drawings(replace(plan, nodes=nodes))

    def colour(name):
        root = parse(drawings[name])
        parts = [node for node in root.iter() if node.tag in (f"{SVG}rect", f"{SVG}text")]
        at = next(i for i, node in enumerate(parts) if node.text == "tenant-b")
        return parts[at - 1].get("fill")

    assert colour("drawings/floor.svg") == colour("drawings/elevation-row1.svg")


def test_a_long_legend_goes_on_below():
    keys = [Key(label=f"use {n}", fill="#fff", stroke="#000") for n in range(9)]
    lines = fold([("use", keys), ("floor", keys[:1])], 100)
    assert [heading for heading, _ in lines] == ["use", "", "floor"]
    assert [key for _, part in lines[:2] for key in part] == keys
    assert all(sum(key.width for key in part) <= 100 for _, part in lines)


def test_sheets_have_one_number_only_where_they_show_the_same():
    def number(plan):
        return next(w for w in words(render_drawings(plan)["drawings/floor.svg"]) if "sheet" in w)

    plan = lab_plan()
    moved = replace(plan.racks[1], x_mm=plan.racks[1].x_mm + 600)
    assert number(plan) == number(plan)
    assert number(plan) != number(replace(plan, racks=(plan.racks[0], moved)))
