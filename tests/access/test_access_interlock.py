"""Nobody loses power or coolant who was not said to survive it."""

import pytest

from clusterwright.access import cooling_loop, interlock, rack_power
from clusterwright.access.cooling_loop import LoopState
from clusterwright.access.guard import Guard
from clusterwright.access.interlock import Consumer, Consumers, LoopLimits
from clusterwright.access.rack_power import OutletsState
from tests.access.facility_rig import rig
from tests.faults.operator import client

IDLE, IN_SERVICE = Guard(in_service=False), Guard(in_service=True)
ALLOWED = Guard(in_service=True, allowed=frozenset({"power-cycle"}))
CORDS = frozenset({("a", 1), ("a", 2), ("b", 1), ("b", 2)})
LOOP = LoopState(supply_temperature_c=30.0, flow_lpm=100.0, control_mode="Automatic")


def node(needed, *, powered=True):
    return Consumer(name="n1", cords=CORDS, needed=needed, powered=powered)


def pending(outlets, guard, *consumers, dark=frozenset()):
    desired = OutletsState(outlets=dict.fromkeys(outlets, "Off"))
    actual = OutletsState(outlets=dict.fromkeys(outlets, "On"))
    on_it = Consumers(pdu="a", all=consumers, dark=dark)
    return [
        int(d.path.partition(".")[2])
        for d in rack_power.differences(desired, actual, guard, on_it)
        if d.pending
    ]


@pytest.mark.parametrize(
    ("needed", "dark", "guard", "held"),
    [
        pytest.param(2, set(), IN_SERVICE, [], id="the other feed is enough"),
        pytest.param(3, set(), IN_SERVICE, [2], id="one by one, not both"),
        pytest.param(4, set(), IN_SERVICE, [1, 2], id="no spare"),
        pytest.param(2, {("b", 1)}, IN_SERVICE, [2], id="the other feed has lost one"),
        pytest.param(2, {("b", 1), ("b", 2)}, IN_SERVICE, [1, 2], id="the other feed is dark"),
        pytest.param(4, set(), ALLOWED, [], id="allowed"),
        pytest.param(4, set(), IDLE, [], id="not in service"),
    ],
)
def test_a_cut_waits_where_somebody_would_go_down(needed, dark, guard, held):
    assert pending((1, 2), guard, node(needed), dark=frozenset(dark)) == held


def test_what_is_off_loses_nothing():
    assert pending((1, 2), IN_SERVICE, node(4, powered=False)) == []


def test_an_outlet_that_nothing_hangs_on_may_be_cut():
    assert pending((7,), IN_SERVICE, node(4)) == []


def test_without_knowledge_every_cut_waits():
    desired, actual = OutletsState(outlets={1: "Off"}), OutletsState(outlets={1: "On"})
    (waiting,) = rack_power.differences(desired, actual, IN_SERVICE)
    assert waiting.pending


def test_whoever_would_go_down_is_named():
    desired, actual = OutletsState(outlets={1: "Off"}), OutletsState(outlets={1: "On"})
    on_it = Consumers(pdu="a", all=(node(4),))
    (waiting,) = rack_power.differences(desired, actual, IN_SERVICE, on_it)
    assert waiting.remedy.startswith("n1 would lose power: drain what depends on it")


@pytest.mark.parametrize(
    ("change", "limits", "held"),
    [
        pytest.param({"supply_temperature_c": 35.0}, {}, True, id="warmer, nothing known"),
        pytest.param({"supply_temperature_c": 35.0}, {"warmest_c": 40.0}, False, id="borne"),
        pytest.param({"supply_temperature_c": 45.0}, {"warmest_c": 40.0}, True, id="too warm"),
        pytest.param({"supply_temperature_c": 25.0}, {"warmest_c": 20.0}, False, id="colder"),
        pytest.param({"flow_lpm": 80.0}, {}, True, id="slower, nothing known"),
        pytest.param({"flow_lpm": 80.0}, {"least_lpm": 70.0}, False, id="enough flow"),
        pytest.param({"flow_lpm": 60.0}, {"least_lpm": 70.0}, True, id="too little flow"),
        pytest.param({"control_mode": "Manual"}, {"warmest_c": 40.0}, True, id="let go"),
    ],
)
def test_a_loop_is_weakened_only_within_what_is_known_to_be_borne(change, limits, held):
    desired = LoopState(**{**{f: getattr(LOOP, f) for f in LoopState.__slots__}, **change})
    found = cooling_loop.differences(desired, LOOP, IN_SERVICE, LoopLimits(**limits))
    assert [d.pending for d in found] == [held]


@pytest.mark.parametrize(
    ("weakens", "asked", "expected"),
    [
        pytest.param(interlock.cuts_power, {"desired": "Off", "actual": "On"}, True, id="off"),
        pytest.param(
            interlock.cuts_power, {"desired": "Off", "actual": "Off"}, False, id="off already"
        ),
        pytest.param(interlock.cuts_power, {"desired": "On", "actual": "Off"}, False, id="on"),
        pytest.param(interlock.stops, {"desired": "Closed", "actual": "Open"}, True, id="closed"),
        pytest.param(
            interlock.stops, {"desired": "Closed", "actual": "Closed"}, False, id="is closed"
        ),
        pytest.param(interlock.stops, {"desired": "Open", "actual": "Closed"}, False, id="opened"),
        pytest.param(
            interlock.stops, {"desired": "Disabled", "actual": "Enabled"}, True, id="stopped"
        ),
        pytest.param(
            interlock.disarms, {"desired": "None", "actual": "ForceOff"}, True, id="disarmed"
        ),
        pytest.param(
            interlock.disarms, {"desired": "None", "actual": "None"}, False, id="never armed"
        ),
        pytest.param(
            interlock.disarms, {"desired": "ForceOff", "actual": "None"}, False, id="armed"
        ),
        pytest.param(
            interlock.lets_go, {"desired": "Manual", "actual": "Automatic"}, True, id="let go"
        ),
        pytest.param(
            interlock.lets_go, {"desired": "Automatic", "actual": "Automatic"}, False, id="kept"
        ),
        pytest.param(
            interlock.lets_go, {"desired": "Automatic", "actual": "Manual"}, False, id="taken"
        ),
        pytest.param(
            interlock.lets_go, {"desired": "Override", "actual": "Manual"}, False, id="not held"
        ),
        pytest.param(interlock.holds, {"guard": None}, False, id="nobody asks for whom"),
        pytest.param(interlock.holds, {"guard": IN_SERVICE}, True, id="in service"),
        pytest.param(interlock.holds, {"guard": ALLOWED}, False, id="allowed"),
        pytest.param(interlock.warms, {"desired_c": 30, "actual_c": 30}, False, id="as warm"),
        pytest.param(
            interlock.warms,
            {"desired_c": 40, "actual_c": 30, "warmest_c": 40},
            False,
            id="as warm as borne",
        ),
        pytest.param(interlock.slows, {"desired": 100, "actual": 100}, False, id="as fast"),
        pytest.param(
            interlock.slows, {"desired": 70, "actual": 100, "least": 70}, False, id="just enough"
        ),
        pytest.param(
            interlock.slows, {"desired": 80, "actual": 60, "least": 90}, False, id="still better"
        ),
    ],
)
def test_only_what_takes_power_or_coolant_away_is_a_weakening(weakens, asked, expected):
    assert weakens(**asked) is expected


def test_whoever_has_too_few_cords_anyway_is_not_blamed_on_another_outlet():
    assert pending((7,), IN_SERVICE, node(5)) == []


@pytest.mark.asyncio
async def test_one_feed_of_a_running_node_is_cut_and_the_last_cord_stays(tmp_path):
    async with rig(tmp_path) as lab:
        planned = lab.plan.nodes[0]
        await lab.power_on(planned.name)
        consumer = Consumer(
            name=planned.name,
            cords=frozenset((s.pdu, s.outlet) for s in planned.power_supplies),
            needed=planned.power_supplies_needed,
            powered=True,
        )
        dark = frozenset()
        cut = {}
        for pdu in sorted({s.pdu for s in planned.power_supplies}):
            outlets = {s.outlet: "Off" for s in planned.power_supplies if s.pdu == pdu}
            async with client(lab, pdu) as redfish:
                outcome = await rack_power.apply(
                    redfish,
                    OutletsState(outlets=outlets),
                    IN_SERVICE,
                    consumers=Consumers(pdu=pdu, all=(consumer,), dark=dark),
                )
            off = {n for n, state in outcome.state.outlets.items() if state == "Off"}
            assert off | {int(d.path.partition(".")[2]) for d in outcome.pending} == set(outlets)
            dark |= {(pdu, n) for n in off}
            cut[pdu] = len(off)
        assert lab.hosts.running(planned.name)
        assert lab.hosts.stops == []
        left = len(planned.power_supplies) - sum(cut.values())
        assert left == planned.power_supplies_needed
