"""What is tried at a rack can fail: cords, interlocks, detectors and set points."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from clusterwright.access.cooling_loop import LoopState
from clusterwright.access.guard import Difference, Outcome
from clusterwright.access.leak_policy import LeakState
from clusterwright.access.rack_power import OutletsState
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.errors import DeviceUnreachable
from clusterwright.operate.rack.gates import cord_trial, cords, interlocks, loop
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Verdict
from tests.live_rack import live_rack
from tests.sites import plan_without_switches

PLAN = plan_without_switches()
NODE, OTHER = (node for node in PLAN.nodes if node.mount.rack == "r1")
FIRST, SECOND = NODE.power_supplies[:2]
OUTLET, NEXT = (f"outlet {one.outlet} of {one.pdu}" for one in (FIRST, SECOND))
ELSEWHERE = "elsewhere", 1
Place = tuple[str, int]


@dataclass
class Wiring:
    """Where the cords of the rack's servers go in truth, and what was cut."""

    places: dict[tuple[str, str], Place]
    off: set[Place] = field(default_factory=set)
    stuck: frozenset[Place] = frozenset()
    cut: list[Place] = field(default_factory=list)

    async def apply(self, pdu: Any, wanted: OutletsState) -> None:
        for outlet, state in wanted.outlets.items():
            at = pdu.name, outlet
            if state == "Off":
                self.cut.append(at)
                self.off.add(at)
            elif at not in self.stuck:
                self.off.discard(at)

    async def inputs(self, controller: Any) -> dict[str, str]:
        [owner] = [n for n in (NODE, OTHER) if n.controller is controller]
        return {
            supply: "Normal" if place not in self.off else "LossOfInput"
            for (name, supply), place in self.places.items()
            if name == owner.name
        }


def wiring(**changed: Place) -> Wiring:
    """Return the planned wiring, with the supplies of the first server changed."""
    places = {
        (node.name, supply.name): (supply.pdu, supply.outlet)
        for node in (NODE, OTHER)
        for supply in node.power_supplies
    }
    for supply, place in changed.items():
        places[NODE.name, supply] = place
    return Wiring(places)


def rack(name: str, plan: SitePlan = PLAN) -> LiveRack:
    return live_rack(name, plan, lambda controller: controller)


def working(name: str) -> Any:
    """Return the plan with that node in service."""
    nodes = (
        replace(one, service_state=ServiceState.IN_SERVICE) if one.name == name else one
        for one in PLAN.nodes
    )
    return replace(PLAN, nodes=tuple(nodes))


def at(supply: Any) -> Place:
    return supply.pdu, supply.outlet


@pytest.fixture
def try_cords(monkeypatch):
    def try_cords(wired: Wiring) -> tuple[Verdict, str, str]:
        by_name = {pdu.controller.name: pdu for pdu in PLAN.pdus}

        async def apply(controller, wanted, *_, **__):
            await wired.apply(by_name[controller.name], wanted)

        monkeypatch.setattr(cord_trial.rack_power, "apply", apply)
        monkeypatch.setattr(cord_trial.measurements, "line_inputs", wired.inputs)
        one = rack("r1")
        asyncio.run(cords.act(one))
        check = one.tried[NODE.name]
        return check.verdict, check.found, check.remedy

    return try_cords


def test_cords_as_planned_are_each_cut_once_and_given_back(try_cords):
    wired = wiring()
    verdict, found, _ = try_cords(wired)
    assert (verdict, found.count(" on outlet ")) == (Verdict.PASS, len(NODE.power_supplies))
    assert sorted(wired.cut) == sorted(wired.places.values())
    assert wired.off == set()


@pytest.mark.parametrize(
    ("changed", "found", "remedy"),
    [
        pytest.param(
            {FIRST.name: at(SECOND), SECOND.name: at(FIRST)},
            f"{OUTLET} feeds {SECOND.name}, but {FIRST.name} is planned there",
            f"exchange the cords of {FIRST.name} and {SECOND.name} of {NODE.name}; their feeds are "
            "swapped",
            id="two of a server swapped",
        ),
        pytest.param(
            {FIRST.name: ELSEWHERE},
            f"{OUTLET} was cut, and nobody in the rack lost an input: {FIRST.name} is planned "
            "there",
            f"follow the cord of {FIRST.name} of {NODE.name}, and plug it into {OUTLET}",
            id="a cord at nobody's outlet",
        ),
        pytest.param(
            {SECOND.name: at(FIRST)},
            f"{OUTLET} feeds {FIRST.name} and {SECOND.name}, but {FIRST.name} is planned there",
            f"only {FIRST.name} of {NODE.name} belongs there: plug the cord of {SECOND.name} into "
            "its planned outlet",
            id="two cords on one outlet",
        ),
    ],
)
def test_a_cord_at_another_outlet_is_named_with_where_it_belongs(try_cords, changed, found, remedy):
    verdict, said, advice = try_cords(wiring(**changed))
    assert verdict is Verdict.FAIL
    assert found in said
    assert remedy in advice


def test_an_outlet_that_does_not_come_back_ends_the_trial(try_cords):
    wired = wiring()
    wired.stuck = frozenset({at(FIRST)})
    verdict, found, remedy = try_cords(wired)
    assert verdict is Verdict.FAIL
    assert f"{OUTLET} was cut and switched on again, but {FIRST.name} still has no input" in found
    assert "no further cord was tried" in remedy
    assert not {at(one) for one in NODE.power_supplies[1:]} & set(wired.cut)


@pytest.mark.parametrize(
    ("dark", "cut"),
    [
        pytest.param(1, True, id="one to spare"),
        pytest.param(2, False, id="none to spare"),
    ],
)
def test_no_cord_is_cut_that_a_server_needs(try_cords, dark, cut):
    """Four of six are needed."""
    wired = wiring(**{one.name: ELSEWHERE for one in NODE.power_supplies[:dark]})
    wired.off = {ELSEWHERE}
    verdict, found, _ = try_cords(wired)
    assert bool({at(one) for one in NODE.power_supplies} & set(wired.cut)) is cut
    if_kept = f"{NODE.name} needs 4 of its 6 supplies, and 4 have input: no cord can be cut"
    assert (verdict is Verdict.NOT_PROVEN, if_kept in found) == (not cut, not cut)


def test_a_server_in_service_is_not_tried(try_cords):
    wired = wiring()
    try_cords(wired)
    wired.cut.clear()
    one = rack("r1", plan=working(NODE.name))
    asyncio.run(cords.act(one))
    assert NODE.name not in one.tried
    assert OTHER.name in one.tried


LOOP = LoopState(supply_temperature_c=32.0, differential_pressure_kpa=150.0, control_mode="Auto")
WARMER, SEVERAL = replace(LOOP, supply_temperature_c=33.0), replace(LOOP, control_mode="Auto/Off")
WAITING = (Difference(path="x", expected="a", actual="b", pending=True),)


@pytest.mark.parametrize(
    ("before", "outcome", "verdict", "applied"),
    [
        pytest.param(LOOP, (LOOP, WAITING), Verdict.PASS, 1, id="held"),
        pytest.param(LOOP, (WARMER, WAITING), Verdict.FAIL, 2, id="said to wait, and was set"),
        pytest.param(LOOP, (WARMER, ()), Verdict.FAIL, 2, id="set"),
        pytest.param(LOOP, (LOOP, ()), Verdict.FAIL, 2, id="not held, without effect"),
        pytest.param(SEVERAL, (LOOP, ()), Verdict.NOT_PROVEN, 0, id="several modes"),
    ],
)
def test_a_loop_that_is_not_held_fails_and_is_put_back(
    monkeypatch, before, outcome, verdict, applied
):
    asked = []
    after, pending = outcome

    async def read(_client):
        return before

    async def apply(_client, wanted, guard):
        asked.append((wanted.supply_temperature_c, guard.in_service))
        return Outcome(state=after, pending=pending)

    monkeypatch.setattr(interlocks.cooling_loop, "read", read)
    monkeypatch.setattr(interlocks.cooling_loop, "apply", apply)
    monkeypatch.setattr(interlocks.rack_power, "apply", held_outlet)
    one = rack("r2")
    asyncio.run(interlocks.try_all(one))
    [cdu] = (found.cdu for found in one.loops)
    assert one.tried[f"{cdu} interlock"].verdict is verdict
    assert asked == [(33.0, True), (32.0, False)][:applied]


async def held_outlet(_client, wanted, _guard):
    [number] = wanted.outlets
    return Outcome(state=OutletsState(outlets={number: "On"}), pending=WAITING)


@pytest.mark.parametrize(
    ("state", "pending", "verdict", "applied"),
    [
        pytest.param("On", WAITING, Verdict.PASS, ["Off"], id="held"),
        pytest.param("Off", WAITING, Verdict.FAIL, ["Off", "On"], id="said to wait, and was cut"),
        pytest.param("Off", (), Verdict.FAIL, ["Off", "On"], id="cut"),
        pytest.param("On", (), Verdict.FAIL, ["Off", "On"], id="not held, without effect"),
    ],
)
def test_an_outlet_that_is_not_held_fails_and_is_given_back(
    monkeypatch, state, pending, verdict, applied
):
    asked = []

    async def apply(_client, wanted, _guard):
        [number] = wanted.outlets
        asked.append(wanted.outlets[number])
        return Outcome(state=OutletsState(outlets={number: state}), pending=pending)

    monkeypatch.setattr(interlocks.rack_power, "apply", apply)
    one = rack("r1")
    asyncio.run(interlocks.try_all(one))
    assert one.tried[f"{one.pdus[0].name} interlock"].verdict is verdict
    assert asked == applied


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_no_interlock_is_tried_beside_a_server_in_service(name):
    [node, *_] = (one for one in PLAN.nodes if one.mount.rack == name)
    one = rack(name, plan=working(node.name))
    asyncio.run(interlocks.try_all(one))
    assert one.tried == {}
    assert {check.verdict for check in interlocks.known(one)} == {Verdict.PASS}


def test_what_was_not_tried_is_not_passed():
    assert {check.verdict for check in interlocks.known(rack("r2"))} == {Verdict.FAIL}


DRY = LeakState(reaction="GracefulShutdown", delay_s="0")


@pytest.fixture
def look_at_loop(monkeypatch):
    def look_at_loop(leaks: dict[str, Any], measured: dict[str, float]) -> dict[str, Verdict]:
        async def read(controller):
            found = leaks.get(controller.name, DRY)
            if isinstance(found, Exception):
                raise found
            return found

        async def measure(_client, sensor):
            return measured.get(sensor, {"DeltaPressurekPa": 150.0}.get(sensor, 32.0))

        async def nothing(*_):
            return ()

        monkeypatch.setattr(loop.leak_policy, "read", read)
        monkeypatch.setattr(loop.measurements, "measured", measure)
        monkeypatch.setattr(loop.declared, "look", nothing)
        checks = asyncio.run(loop.look(rack("r2")))
        return {f"{check.subject}: {check.sentence}": check.verdict for check in checks}

    return look_at_loop


[CDU] = (one for one in PLAN.loops if "r2" in one.racks)
[WET, *_] = (node for node in PLAN.nodes if node.mount.rack == "r2")
TEMPERATURE = f"{CDU.cdu}: the measured supply temperature is near its set point"
PRESSURE = f"{CDU.cdu}: the measured differential pressure is near its set point"


@pytest.mark.parametrize(
    ("leaks", "measured", "check", "verdict"),
    [
        pytest.param({}, {}, f"{CDU.cdu}: {loop.DRY}", Verdict.PASS, id="dry"),
        pytest.param(
            {CDU.controller.name: replace(DRY, leaking=("Floor",))},
            {},
            f"{CDU.cdu}: {loop.DRY}",
            Verdict.FAIL,
            id="a leak at the CDU",
        ),
        pytest.param(
            {WET.controller.name: replace(DRY, leaking=("Manifold",))},
            {},
            f"{WET.name}: {loop.DRY}",
            Verdict.FAIL,
            id="a leak in a server",
        ),
        pytest.param(
            {CDU.controller.name: replace(DRY, blind=("Floor",))},
            {},
            f"{CDU.cdu}: {loop.DRY}",
            Verdict.FAIL,
            id="a blind detector",
        ),
        pytest.param(
            {WET.controller.name: DeviceUnreachable("silent")},
            {},
            f"{WET.name}: {loop.DRY}",
            Verdict.NOT_PROVEN,
            id="a server that does not answer",
        ),
        pytest.param(
            {CDU.controller.name: DeviceUnreachable("silent")},
            {},
            f"{CDU.cdu}: {loop.DRY}",
            Verdict.FAIL,
            id="a CDU that does not answer",
        ),
        pytest.param({}, {}, f"{CDU.cdu}: {loop.ARMED}", Verdict.PASS, id="armed"),
        pytest.param(
            {CDU.controller.name: replace(DRY, reaction="ForceOff/None")},
            {},
            f"{CDU.cdu}: {loop.ARMED}",
            Verdict.NOT_PROVEN,
            id="one detector that only reports",
        ),
        pytest.param(
            {}, {"SupplyTemperatureCelsius": 34.0}, TEMPERATURE, Verdict.PASS, id="2 °C more"
        ),
        pytest.param(
            {}, {"SupplyTemperatureCelsius": 34.1}, TEMPERATURE, Verdict.FAIL, id="too warm"
        ),
        pytest.param(
            {}, {"SupplyTemperatureCelsius": 29.9}, TEMPERATURE, Verdict.FAIL, id="too cold"
        ),
        pytest.param({}, {"DeltaPressurekPa": 165.0}, PRESSURE, Verdict.PASS, id="a tenth more"),
        pytest.param({}, {"DeltaPressurekPa": 134.0}, PRESSURE, Verdict.FAIL, id="too little"),
    ],
)
def test_a_loop_is_dry_armed_and_at_its_set_points_or_holds_the_rack_up(
    look_at_loop, leaks, measured, check, verdict
):
    assert look_at_loop(leaks, measured)[check] is verdict
