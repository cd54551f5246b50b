"""What is declared of loops and PDUs reaches the lab's devices; the interlock holds the rest."""

from dataclasses import replace

import pytest

from clusterwright.access import cooling_loop, rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.interlock import LoopLimits
from clusterwright.access.rack_power import OutletsState
from tests.access.facility_rig import rig
from tests.faults.operator import LOOP, broken, client

IDLE, IN_SERVICE = Guard(in_service=False), Guard(in_service=True)
WHOLE = replace(LOOP, unit="Enabled", pumps=2, valves={"tcs1": "Open", "r2": "Open"})
SEQUENCE = OutletsState(
    outlets={1: "On", 2: "On"},
    delays_s={1: 0, 2: 1},
    branch_alarms_amps={"A": 16.0},
    outlet_alarms_amps={1: 10.0},
)


@pytest.mark.asyncio
async def test_a_sequence_and_alarms_are_held_and_a_second_time_nothing_is_written(tmp_path):
    async with rig(tmp_path) as lab, client(lab, "r1-pdu-a") as redfish:
        outcome = await rack_power.apply(redfish, SEQUENCE, IN_SERVICE)
        assert (outcome.state, outcome.pending) == (SEQUENCE, ())
        memory = lab.running.site.pdus["r1-pdu-a"].memory.state
        assert memory.delays_s["2"] == {
            "PowerOnDelaySeconds": 1.0,
            "PowerRestoreDelaySeconds": 1.0,
        }
        assert memory.alarms_amps == {"CurrentBranchA": 16.0, "CurrentOutlet1": 10.0}
        imported = await rack_power.read(redfish)
        assert (imported.delays_s[2], imported.branch_alarms_amps["A"]) == (1, 16.0)


@pytest.mark.asyncio
async def test_an_outlet_comes_on_in_its_turn(tmp_path):
    async with rig(tmp_path) as lab, client(lab, "r1-pdu-a") as redfish:
        for outlet in (1, 2):
            await lab.switch("r1-pdu-a", outlet, "Off")
        outcome = await rack_power.apply(redfish, SEQUENCE, IDLE)
        assert outcome.state.outlets == {1: "On", 2: "On"}


@pytest.mark.asyncio
async def test_what_no_sensor_and_no_outlet_holds_is_pending(tmp_path):
    async with rig(tmp_path) as lab, client(lab, "r1-pdu-a") as redfish:
        wanted = replace(SEQUENCE, branch_alarms_amps={"Z": 16.0})
        outcome = await rack_power.apply(redfish, wanted, IDLE)
    [waiting] = outcome.pending
    assert (waiting.path, waiting.actual) == ("branch_alarms_amps.Z", "(not held)")
    assert "write alarms: false under pdus" in waiting.remedy


@pytest.mark.asyncio
async def test_pumps_valves_and_the_unit_are_brought_back(tmp_path):
    async with rig(tmp_path) as lab, client(lab, "cdu1") as redfish:
        cdu = lab.running.site.cdus["cdu1"]
        await cooling_loop.apply(redfish, LOOP, IDLE)
        cdu.memory.update(
            enabled=False, valve_closed=True, pumps_disabled=("2",), racks_closed=("r2",)
        )
        found = cooling_loop.differences(WHOLE, await cooling_loop.read(redfish, WHOLE))
        switched = {"unit", "pumps", "valves.tcs1", "valves.r2"}
        assert switched <= {one.path for one in found}
        outcome = await cooling_loop.apply(redfish, WHOLE, IN_SERVICE)
        assert (outcome.state, outcome.pending) == (WHOLE, ())
        assert await cooling_loop.read(redfish) == replace(WHOLE, valves=outcome.state.valves)
        assert cdu.coolant.flow_lpm > 0


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("change", "limits", "held"),
    [
        pytest.param({"pumps": 1}, LoopLimits(), ["pumps"], id="a pump, nothing known"),
        pytest.param({"pumps": 1}, LoopLimits(least_pumps=1), [], id="a pump that is spare"),
        pytest.param({"valves": {"r2": "Closed"}}, LoopLimits(), ["valves.r2"], id="a valve"),
        pytest.param({"unit": "Disabled"}, LoopLimits(), ["unit"], id="the unit"),
    ],
)
async def test_coolant_is_taken_away_only_within_what_is_known(tmp_path, change, limits, held):
    async with rig(tmp_path) as lab, client(lab, "cdu1") as redfish:
        await cooling_loop.apply(redfish, WHOLE, IDLE)
        wanted = replace(WHOLE, **change)
        outcome = await cooling_loop.apply(redfish, wanted, IN_SERVICE, limits=limits)
        assert [one.path for one in outcome.pending] == held
        assert (cooling_loop.differences(wanted, outcome.state) == ()) == (not held)


@pytest.mark.asyncio
async def test_where_it_leaks_nothing_is_opened(tmp_path):
    async with rig(tmp_path) as lab, client(lab, "cdu1") as redfish:
        cdu = lab.running.site.cdus["cdu1"]
        cdu.memory.update(enabled=False, valve_closed=True)
        async with broken(lab, "leak", "cdu1"):
            outcome = await cooling_loop.apply(redfish, WHOLE, IDLE)
            assert {one.path for one in outcome.pending} == {"unit", "valves.tcs1"}
            assert {one.remedy for one in outcome.pending} == {cooling_loop.LEAKS}
            assert cdu.memory.state.valve_closed
        assert (await cooling_loop.apply(redfish, WHOLE, IDLE)).pending == ()


@pytest.mark.asyncio
async def test_a_closed_branch_leaves_its_rack_without_coolant(tmp_path):
    async with rig(tmp_path) as lab, client(lab, "cdu1") as redfish:
        node = lab.running.site.nodes["su1-n3"]
        await cooling_loop.apply(redfish, WHOLE, IDLE)
        before = node.coolant.flow_lpm
        await cooling_loop.apply(redfish, replace(WHOLE, valves={"r2": "Closed"}), IDLE)
        assert (before > 0, node.coolant.flow_lpm) == (True, 0)
