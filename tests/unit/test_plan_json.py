"""plan.json: all of the plan, in lines that a review can read."""

import json
from dataclasses import replace

from clusterwright.render.plan_json import render_plan
from tests.plans import lab_plan


def test_what_is_small_is_one_line():
    lines = render_plan(lab_plan()).splitlines()
    assert '        {"name":"ib1","cage":"OSFP1","rail":1,"speed_gbps":400},' in lines


def test_one_changed_outlet_changes_one_line():
    plan = lab_plan()
    pdu = plan.pdus[0]
    moved = replace(pdu, outlets=(replace(pdu.outlets[0], number=24), *pdu.outlets[1:]))
    before = render_plan(plan).splitlines()
    after = render_plan(replace(plan, pdus=(moved, *plan.pdus[1:]))).splitlines()
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_addresses_sets_and_absent_values_have_a_form():
    tree = json.loads(render_plan(lab_plan()))
    assert tree["nodes"][0]["address"] == "10.101.0.11"
    assert tree["inband"]["prefix"] == "10.101.0.0/22"
    assert tree["maintenance"]["allow"] == ["link-flap", "power-cycle", "reboot", "reset"]
    assert tree["loops"][0]["flow_lpm"] is None


def test_an_empty_list_is_there():
    assert json.loads(render_plan(lab_plan()))["links"] == []
