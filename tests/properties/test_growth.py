"""Growing within what a site is built for leaves what stands as it is."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clusterwright.design.difference import compare
from clusterwright.design.plan import SitePlan
from tests.properties.definitions import Definition, drawn, examples, plan_of, possible

properties = examples(20)


@st.composite
def growing(draw: st.DrawFn) -> tuple[Definition, Definition]:
    """Draw a site, built for all from the start: as it is at first, and when it has grown."""
    full = draw(drawn())
    units: list[Definition] = full["compute"]
    built = max(unit["build_for"] for unit in units)
    for unit in units:
        unit["build_for"] = built
    full["fabrics"]["compute"]["build_for_units"] = len(units) + draw(st.integers(0, 1))
    first = draw(st.integers(1, len(units)))
    if first < len(units):
        # How many ports the racks of units to come need of a management switch, nobody knows yet.
        full["fabrics"]["oob"] = {"kind": "ethernet", "prefix": "10.130.0.0/20"}
    small: dict[str, Any] = deepcopy(full)
    small["compute"] = small["compute"][:first]
    for unit in small["compute"]:
        places = sum(group["count"] for group in unit["groups"])
        there = {f"{unit['name']}-n{n}" for n in range(1, places + 1)} - set(unit["holes"])
        to_come = draw(st.sets(st.sampled_from(sorted(there)), max_size=len(there) - 1))
        unit["holes"] = sorted({*unit["holes"], *to_come})
    return possible(small), possible(full)


def standing(plan: SitePlan) -> dict[str, object]:
    """Return everything by name that must not change."""
    links = {(link.a, link.b): (link.cable, link.length_m) for link in plan.links}
    devices = (*plan.nodes, *plan.management_hosts, *plan.switches, *plan.loops)
    pdus = {pdu.name: (pdu.controller, pdu.rack) for pdu in plan.pdus}
    outlets = {
        (pdu.name, outlet.number): (outlet.consumer, outlet.power_supply)
        for pdu in plan.pdus
        for outlet in pdu.outlets
    }
    return {**links, **{device.name: device for device in devices}, **pdus, **outlets}


@properties
@given(growing())
def test_units_and_nodes_that_come_change_nothing_of_what_stands(sites):
    before, after = standing(plan_of(sites[0])), standing(plan_of(sites[1]))
    assert {key: after.get(key) for key in before} == before


@properties
@given(growing())
def test_diff_of_growth_only_adds(sites):
    grown = compare(plan_of(sites[0]), plan_of(sites[1]))
    assert (grown.remove, grown.move, grown.unplug, grown.replug, grown.settings) == ((),) * 5
    assert {step.action for step in grown.steps} <= {"mount", "pull"}
    fewer = {one.kind for one in grown.bill if one.count < 0}
    assert fewer <= {"blanking-panel"}
