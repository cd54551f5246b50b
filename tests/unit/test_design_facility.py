"""What a plan says to those who hold loops, PDUs and shelves to it."""

from dataclasses import replace

import pytest

from clusterwright.design.facility import alarms_of, consumers_by_pdu, leak_policies, list_equipment
from clusterwright.design.plan import CduPumps, LoopLimits, ServiceState, Valve
from clusterwright.operate.target import facility_names
from clusterwright.verify.declared import parts_of_equipment
from tests.sites import definition, own_model, plan_of, put
from tests.unit.test_space import nvl72

LOOP = "facility.cooling.loops.tcs1"
LIQUID = {"flow_lpm": 20.0, "pressure_drop_kpa": 80.0, "supply_max_c": 40.0}


def lab(folder, **changes):
    site = definition()
    for path, value in changes.items():
        put(site, f"{LOOP}.{path}", value)
    return plan_of(folder, site)


def test_every_cord_of_the_site_is_among_the_consumers_of_its_pdu(tmp_path):
    plan = lab(tmp_path)
    by_pdu = consumers_by_pdu(plan)
    found = {
        (pdu, one.name, cord.outlet)
        for pdu, consumers in by_pdu.items()
        for one in consumers
        for cord in one.cords
        if cord.pdu == pdu
    }
    outlets = {(pdu.name, o.consumer, o.number) for pdu in plan.pdus for o in pdu.outlets}
    assert found == outlets


def test_everybody_needs_as_many_supplies_as_the_model_says(tmp_path):
    plan = lab(tmp_path)
    needed = {one.name: one for group in consumers_by_pdu(plan).values() for one in group}
    assert needed["su1-n1"].needed == plan.nodes[0].power_supplies_needed < 6
    for name in ("su1-leaf1", "head"):
        one = needed[name]
        assert (one.needed, len(one.cords), one.controller) == (1, 2, None)


def test_where_nobody_knows_how_many_cords_may_go_none_may(tmp_path):
    plan = lab(tmp_path)
    hosts = tuple(replace(host, power_supplies_needed=0) for host in plan.management_hosts)
    plan = replace(plan, management_hosts=hosts)
    needed = {one.name: one.needed for group in consumers_by_pdu(plan).values() for one in group}
    assert needed["head"] == 2


def test_branches_warn_at_what_may_flow_for_hours_and_outlets_at_their_type(tmp_path):
    [pdu, *_] = lab(tmp_path).pdus
    alarms = alarms_of(pdu)
    assert set(alarms.branches.values()) == {16.0}
    assert alarms.outlets == {
        one.number: {"C13": 10.0, "C19": 16.0}[one.type] for one in pdu.outlets
    }


def test_what_a_pdu_cannot_hold_is_not_asked_of_it(tmp_path):
    site = definition()
    site["facility"]["racks"][0]["pdus"] |= {"alarms": False, "sequence": False}
    [pdu, *_] = plan_of(tmp_path, site).pdus
    alarms = alarms_of(pdu)
    assert (alarms.branches, alarms.outlets, pdu.sequence) == ({}, {}, {})


def test_nodes_come_on_after_what_they_need(tmp_path):
    [pdu, *_] = lab(tmp_path).pdus
    nodes = {one.number for one in pdu.outlets if one.consumer.startswith("su1-n")}
    first = max(delay for number, delay in pdu.sequence.items() if number not in nodes)
    assert min(pdu.sequence[number] for number in nodes) > first


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, (2, 1, True), id="all run and one is spare"),
        pytest.param(
            {"pumps": {"run": 1, "redundancy": "n"}}, (1, 1, False), id="one runs, none is spare"
        ),
        pytest.param({"pumps": {"redundancy": "n"}}, (2, 1, False), id="a spare is not asked for"),
    ],
)
def test_pumps_are_those_of_the_model_as_far_as_nothing_else_is_said(tmp_path, changes, expected):
    [loop] = lab(tmp_path, **changes).loops
    running, needed, spare = expected
    assert loop.pumps == CduPumps(running=running, needed=needed, spare=spare)


def test_what_all_on_a_loop_bear_is_known_only_where_it_is_known_of_all(tmp_path):
    [loop] = lab(tmp_path).loops
    assert (loop.limits.warmest_c, loop.limits.least_kpa) == (None, None)
    own_model(tmp_path, "servers/hgx-h100-liquid", liquid=LIQUID)
    [loop] = lab(tmp_path).loops
    assert loop.limits == LoopLimits(warmest_c=40.0, least_lpm=40.0, least_kpa=80.0)


def test_further_cdus_have_valves_of_their_own_and_share_the_flow(tmp_path):
    own_model(tmp_path, "servers/hgx-h100-liquid", liquid=LIQUID)
    more = [{"name": "cdu2", "model": "in-rack-cdu-200kw", "rack": "r1"}]
    first, second = lab(tmp_path, further_cdus=more, valves={"tcs1": "open", "r2": "open"}).loops
    assert first.valves == (Valve(name="tcs1", state="Open"), Valve(name="r2", state="Open"))
    assert second.valves == (Valve(name="tcs1-cdu2", state="Open"),)
    assert first.limits.least_lpm == second.limits.least_lpm == 20.0


def test_leaks_are_reacted_to_by_the_cdu_and_every_node_that_coolant_reaches(tmp_path):
    found = leak_policies(lab(tmp_path, leak={"nodes": "force-off", "delay_s": 5}))
    assert [(one.subject, one.reaction, one.delay_s) for one in found] == [
        ("su1-n3", "ForceOff", 5),
        ("su1-n4", "ForceOff", 5),
    ]


def test_what_all_loops_do_holds_where_a_loop_says_nothing(tmp_path):
    site = definition()
    put(site, f"{LOOP}.leak", None)
    assert leak_policies(plan_of(tmp_path, site)) == ()
    put(site, "facility.cooling.leak", {"cdus": "close-valve"})
    assert [one.subject for one in leak_policies(plan_of(tmp_path, site))] == ["cdu1"]


def test_a_reaction_protects_who_is_in_service_and_a_node_that_is_out_has_none(tmp_path):
    states = {"su1-n3": {"state": "in-service"}, "su1-n4": {"state": "out"}}
    lines = [f"  {name}: {{state: {one['state']}}}" for name, one in states.items()]
    (tmp_path / "record.yml").write_text("nodes:\n" + "\n".join(lines) + "\n")
    plan = lab(tmp_path)
    assert plan.nodes[2].service_state is ServiceState.IN_SERVICE
    assert [(one.subject, one.in_service) for one in leak_policies(plan)] == [
        ("cdu1", True),
        ("su1-n3", True),
    ]


def test_a_shelf_needs_as_many_rectifiers_as_its_model_says(tmp_path):
    shelves = plan_of(tmp_path, nvl72()).power_shelves
    assert {(len(one.rectifiers), one.rectifiers_needed) for one in shelves} == {(6, 6)}


def test_a_baseline_reaches_every_pdu_cdu_and_power_shelf_of_its_model(tmp_path):
    image = {"version": "2.0", "image": "http://10.100.0.1/image"}
    site = nvl72()
    shelves = plan_of(tmp_path, site).power_shelves
    put(site, "firmware", {"models": {shelves[0].model: {"components": {"PSC": image}}}})
    plan = plan_of(tmp_path, site)
    assert [one.subject for one in parts_of_equipment(plan)] == [one.name for one in shelves]
    assert f"{shelves[0].name}-firmware" in facility_names(plan, None)
    fed = {one.name: one.nodes for one in list_equipment(plan)}[shelves[0].name]
    assert fed == {node.name for node in plan.nodes if node.mount.rack == shelves[0].mount.rack}
