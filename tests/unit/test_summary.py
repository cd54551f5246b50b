"""A plan in a few lines: what a site amounts to, how full it is, what remains to be seen to."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from clusterwright.cli.summary import summarise
from clusterwright.design import design
from clusterwright.design.plan import Unproven, Usage
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from clusterwright.spans import spans


@pytest.fixture(scope="module")
def plan():
    return design(load_site(find_site("lab")))


def shown(plan, width=80):
    console = Console(file=StringIO(), width=width)
    summarise(plan, console)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 200])
def test_what_the_site_amounts_to_is_one_line(plan, width):
    assert shown(plan, width)[0] == (
        "site lab: 4 nodes, 32 GPUs, 1 management host, 16 switches, 330 cables, 2 racks, 6 PDUs, "
        "1 cooling loop"
    )


def test_every_rack_says_what_stands_in_it(plan):
    lines = [line.split("   ") for line in shown(plan)]
    contents = {cells[0].strip(): cells[-1].strip() for cells in lines}
    assert contents["r1"] == (
        "12 × qm9700, 2 × dgx-h100, 1 × management-1u, 1 × sn4600c, 1 × sn2201"
    )
    assert contents["r2"] == ("2 × hgx-h100-liquid, 1 × sn4600c, 1 × sn2201, 1 × in-rack-cdu-200kw")


def test_a_rack_on_a_loop_whose_heat_nobody_knows_does_not_say_that_it_has_none(plan):
    racks = tuple(
        replace(rack, liquid_watts=0, air_watts=rack.power_watts) if rack.name == "r2" else rack
        for rack in plan.racks
    )
    line = next(line for line in shown(replace(plan, racks=racks)) if line.startswith("r2"))
    cells = [cell.strip() for cell in line.split("   ") if cell.strip()]
    assert cells[4:6] == ["–", "≤ 20.4 kW"]


def test_racks_that_are_filled_alike_are_one_line():
    lines = shown(design(load_site(find_site("h100-su"))))
    alike = [line for line in lines if line.endswith("4 × dgx-h100")]
    assert [line.partition("   ")[0] for line in alike] == ["r2 … r4, r6 … r8"]


def test_every_network_says_its_switches_and_cables(plan):
    line = next(line for line in shown(plan) if line.startswith("compute"))
    assert line.split("   ")[-1] == "8 leaves qm9700, 4 spines qm9700"
    assert "288" in line


def test_every_feed_and_circuit_says_what_it_carries(plan):
    starts = [line[:12].strip() for line in shown(plan)]
    assert {"feed A", "feed B", "feed C", "circuit tcs1", "air"} <= set(starts)
    assert any("with feed B lost" in line for line in shown(plan) if line.startswith("feed A"))


def test_what_is_on_no_feed_is_not_left_out_of_the_power(plan):
    one = replace(plan.racks[0], power_watts=plan.racks[0].power_watts + 14_300)
    lines = shown(replace(plan, racks=(one, *plan.racks[1:])))
    line = next(line for line in lines if line.startswith("not on a feed"))
    assert line.split("   ")[-1] == "of devices whose power supplies are not known"
    assert "14.3 kW" in line
    assert not any(line.startswith("not on a feed") for line in shown(plan))


def test_limits_that_are_nearly_reached_are_one_line_each(plan):
    usages = tuple(
        Usage(layer="power", subject=f"rack r{n}", limit="its watts", used=n, allowed=10, unit="kW")
        for n in (91, 92, 95)
    )
    lines = shown(replace(plan, usages=usages))
    found = [line for line in lines if line.startswith("nearly reached")]
    assert found == ["nearly reached: 3 racks r91, r92, r95: its watts: up to 95 of 10 kW, 950 %"]


def test_what_is_not_proven_stands_below_what_it_lacks(plan):
    unproven = tuple(
        Unproven(subject=subject, check="it holds", reason="the catalogue has no x of y")
        for subject in ("rack r1", "rack r2")
    )
    lines = shown(replace(plan, unproven=unproven, usages=()))
    assert lines[-4:] == [
        "not proven: the catalogue has no x of y:",
        "  rack r1: it holds",
        "  rack r2: it holds",
        "the definition holds, as far as is proven: 2 limits are not; write what the makers say "
        "into the site's own catalogue/",
    ]


def test_where_all_is_proven_the_definition_holds(plan):
    assert shown(replace(plan, unproven=()))[-1] == "the definition holds"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        pytest.param(["r1", "r2", "r3", "r7"], "r1 … r3, r7", id="a span and one"),
        pytest.param(["r1", "r2"], "r1, r2", id="two"),
        pytest.param(["r9", "r10", "r11"], "r9 … r11", id="over ten"),
        pytest.param(["a", "b"], "a, b", id="no numbers"),
        pytest.param([f"r{2 * n}" for n in range(9)], "9 from r0 to r16", id="very many"),
    ],
)
def test_names_are_written_as_spans(names, words):
    assert spans(names) == words


def test_a_circuit_of_unknown_heat_does_not_say_that_it_carries_none(plan):
    cooling = plan.cooling
    unknown = replace(cooling.circuits[0], heat_watts=0, flow_lpm=0, return_c=32)
    lines = shown(replace(plan, cooling=replace(cooling, circuits=(unknown,))))
    line = next(line for line in lines if line.startswith("circuit tcs1"))
    assert line.endswith("32 °C; no heat is known that it takes")
    assert line.split()[2] == "–"
