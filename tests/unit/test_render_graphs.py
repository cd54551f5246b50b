"""Graphs of fabrics: Graphviz reads them, Mermaid's grammar holds, and no cable is lost."""

import re
import shutil
import subprocess
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from clusterwright.design import design
from clusterwright.design.plan import Link, LinkEnd, Mount, Switch
from clusterwright.load import load_site
from clusterwright.render.graph import render_graphs
from clusterwright.render.graph.view import list_views
from clusterwright.site_folder import find_site
from tests.plans import lab_plan

needs_dot = pytest.mark.skipif(
    shutil.which("dot") is None, reason="dot is not installed: run `make ready`"
)
MERMAID = re.compile(
    r"%% .*|flowchart TB|  subgraph [a-z]+\[\"[^\"\[\]]+\"\]|    direction LR|  end"
    r"|    b\d+\[\"[^\"\[\]]+\"\]|  b\d+ ---(\|\"[^\"|]+\"\|)? b\d+"
)


def switch(name: str, tier: str, unit: str) -> Switch:
    fields = dict.fromkeys(Switch.__dataclass_fields__, 0)
    return Switch(
        **fields
        | {
            "name": name,
            "model": "qm9700",
            "fabric": "compute",
            "tier": tier,
            "unit": unit,
            "mount": Mount(rack="r1", lowest_unit=1, height_units=1),
            "address": IPv4Address("10.0.0.1"),
            "power_supplies": (),
        }
    )


def link(a: str, b: str) -> Link:
    fields = dict.fromkeys(Link.__dataclass_fields__, "")
    ends = {"a": LinkEnd(device=a, port="1"), "b": LinkEnd(device=b, port="1")}
    return Link(**fields | ends | {"fabric": "compute", "speed_gbps": 400, "length_m": 3.0})


def large_plan():
    """Return a plan of 16 units of 8 leaves under 32 spines."""
    leaves = [switch(f"su{u}-leaf{n}", "leaf", f"su{u}") for u in range(16) for n in range(8)]
    spines = [switch(f"spine{n}", "spine", "") for n in range(32)]
    links = [link(leaf.name, spine.name) for leaf in leaves for spine in spines]
    return replace(lab_plan(), switches=(*leaves, *spines), links=tuple(links))


def small_plan():
    return design(load_site(find_site("h100-su")))


@pytest.mark.parametrize("plan", [small_plan, large_plan], ids=["small", "large"])
def test_no_cable_is_lost(plan):
    built = plan()
    counted = sum(trunk.count for view in list_views(built) for trunk in view.trunks)
    shown = {view.fabric for view in list_views(built)}
    assert counted == sum(link.fabric in shown for link in built.links)


def test_equal_nodes_of_a_unit_are_one_box():
    view = next(iter(list_views(small_plan())))
    hosts = [(box.name, box.count, box.model) for box in view.on("hosts")]
    assert ("su1", 32, "dgx-h100") in hosts


def test_a_large_fabric_is_shown_by_unit_and_tier():
    view = next(iter(list_views(large_plan())))
    assert [(box.name, box.count) for box in view.on("spine")] == [("spines", 32)]
    assert [box.name for box in view.on("leaf")] == [f"su{u} leaves" for u in range(16)]
    assert {trunk.count for trunk in view.trunks} == {8 * 32}


def test_what_is_the_same_for_all_lines_is_said_once():
    graph = render_graphs(large_plan())["graphs/compute.dot"]
    assert graph.count("256 × 400 Gb/s a line") == 1
    assert '[label="256 × 400 Gb/s"' not in graph


def test_many_lines_that_differ_are_said_as_a_range():
    plan = large_plan()
    view = next(iter(list_views(replace(plan, links=plan.links[1:]))))
    assert view.captions()["leaf", "spine"] == "255 to 256 × 400 Gb/s"


def test_a_fabric_with_too_many_lines_for_a_picture_is_shown_by_unit():
    plan = large_plan()
    few = (*plan.switches[:32], *plan.switches[-16:])
    names = {one.name for one in few}
    links = tuple(one for one in plan.links if {one.a.device, one.b.device} <= names)
    view = next(iter(list_views(replace(plan, switches=few, links=links))))
    assert len(few) <= 64
    assert [box.name for box in view.on("spine")] == ["spines"]


def test_where_a_network_goes_on_is_above_it():
    plan = large_plan()
    view = next(iter(list_views(replace(plan, links=(*plan.links, link("spine1", "carrier"))))))
    assert view.levels == ["beyond", "spine", "leaf"]
    assert [box.name for box in view.on("beyond")] == ["carrier"]


@needs_dot
@pytest.mark.parametrize("plan", [small_plan, large_plan], ids=["small", "large"])
def test_graphviz_draws_every_box_and_line(plan):
    built = plan()
    for view in list_views(built):
        graph = render_graphs(built)[f"graphs/{view.fabric}.dot"]
        finished = subprocess.run(
            ["dot", "-Tsvg"], input=graph, capture_output=True, text=True, check=True
        )
        assert finished.stderr == ""
        assert finished.stdout.count('class="node"') == len(view.boxes)
        seen = finished.stdout.count('class="edge"')
        assert seen >= len(view.trunks)


@pytest.mark.parametrize("plan", [small_plan, large_plan], ids=["small", "large"])
def test_every_line_is_mermaid(plan):
    for path, graph in render_graphs(plan()).items():
        if path.endswith(".mmd"):
            assert [line for line in graph.splitlines() if not MERMAID.fullmatch(line)] == []
            boxes = set(re.findall(r"    (b\d+)\[", graph))
            assert set(re.findall(r"\bb\d+\b", graph)) == boxes
