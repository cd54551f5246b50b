"""What is tried at a rack can fail: interlocks, detectors and set points."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from clusterwright.access import cooling_loop, leak_policy, rack_power
from clusterwright.access.cooling_loop import LoopState
from clusterwright.access.guard import Difference, Outcome
from clusterwright.access.leak_policy import LeakState
from clusterwright.access.rack_power import OutletsState
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.errors import DeviceUnreachable
from clusterwright.model.record import SignOff
from clusterwright.operate.rack.gates import interlocks, loop
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Verdict
from clusterwright.verify.declared import Declared
from tests.live_rack import live_rack
from tests.sites import plan_without_switches

PLAN = plan_without_switches()


def rack(name: str, plan: SitePlan = PLAN) -> LiveRack:
    return live_rack(name, plan, lambda controller: controller)


def working(name: str) -> Any:
    """Return the plan with that node in service."""
    nodes = (
        replace(one, service_state=ServiceState.IN_SERVICE) if one.name == name else one
        for one in PLAN.nodes
    )
    return replace(PLAN, nodes=tuple(nodes))


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
    assert [check.verdict for check in interlocks.known(one)] == [verdict]
    assert asked == applied


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_no_interlock_is_tried_beside_a_server_in_service(name):
    [node, *_] = (one for one in PLAN.nodes if one.mount.rack == name)
    one = rack(name, working(node.name))
    asyncio.run(interlocks.try_all(one))
    assert one.tried == {}
    assert {check.verdict for check in interlocks.known(one)} == {Verdict.PASS}


def test_servers_in_service_elsewhere_keep_no_loop_from_its_trial(monkeypatch):
    async def read(_client):
        return SEVERAL

    monkeypatch.setattr(interlocks.cooling_loop, "read", read)
    monkeypatch.setattr(interlocks.rack_power, "apply", held_outlet)
    [node, *_] = (one for one in PLAN.nodes if one.mount.rack == "r1")
    one = rack("r2", working(node.name))
    asyncio.run(interlocks.try_all(one))
    assert f"{CDU.cdu} interlock" in one.tried


def test_a_pdu_that_feeds_nothing_has_no_outlet_to_try():
    unused = tuple(replace(pdu, outlets=()) for pdu in PLAN.pdus)
    one = rack("r1", replace(PLAN, pdus=unused))
    asyncio.run(interlocks.try_all(one))
    assert one.tried == {}


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


def sentences_of(found: dict[str, Verdict], subject: str) -> set[str]:
    return {one.removeprefix(f"{subject}: ") for one in found if one.startswith(f"{subject}: ")}


def test_over_a_leak_nothing_else_is_asked(look_at_loop):
    found = look_at_loop({WET.controller.name: replace(DRY, leaking=("Manifold",))}, {})
    assert sentences_of(found, CDU.cdu) == {loop.DRY, loop.ARMED}


@pytest.mark.parametrize(
    ("reaction", "seen"),
    [
        pytest.param("ForceOff", {interlocks.REACTED}, id="armed"),
        pytest.param("None", set(), id="not armed"),
    ],
)
def test_only_of_what_is_armed_a_reaction_must_have_been_seen(look_at_loop, reaction, seen):
    found = look_at_loop({CDU.controller.name: replace(DRY, reaction=reaction)}, {})
    assert sentences_of(found, CDU.cdu) & {interlocks.REACTED} == seen


@pytest.mark.parametrize(
    ("signed_at", "verdict"),
    [
        pytest.param("r2", Verdict.PASS, id="at this rack"),
        pytest.param("r9", Verdict.PASS, id="at another of the loop"),
        pytest.param("r1", Verdict.WAITS, id="at a rack of no loop"),
        pytest.param("", Verdict.WAITS, id="nowhere"),
    ],
)
def test_a_reaction_is_proven_by_whoever_has_seen_it(signed_at, verdict):
    shared = replace(CDU, racks=(*CDU.racks, "r9"))
    one = rack("r2")
    sign_off = SignOff(value="done", by="Ada", at="2026-11-28T19:00:00Z")
    one.site = replace(one.site, sign_offs={signed_at: {"leak-reaction": sign_off}})
    assert interlocks.reaction_seen(one, shared).verdict is verdict


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is asked of a declared setting."""

    subject: str
    kind: object


@pytest.mark.parametrize(
    ("leaking", "done"),
    [
        pytest.param((), [f"set {CDU.cdu} {WET.name}", "tried"], id="dry"),
        pytest.param(("Floor",), [], id="wet"),
    ],
)
def test_nothing_is_set_or_tried_over_a_leak(monkeypatch, look_at_loop, leaking, done):
    found = []
    look_at_loop({CDU.controller.name: replace(DRY, leaking=leaking)}, {})

    async def act(_rack, devices, _sentence):
        found.append("set " + " ".join(one.subject for one in devices))
        return ()

    async def try_all(_rack):
        found.append("tried")

    monkeypatch.setattr(loop.declared, "act", act)
    monkeypatch.setattr(loop.interlocks, "try_all", try_all)
    one = rack("r2")
    kinds = {CDU.cdu: cooling_loop, WET.name: leak_policy, one.pdus[0].name: rack_power}
    held = {n: (cast("Declared", Held(subject=n, kind=kind)),) for n, kind in kinds.items()}
    one.site = replace(one.site, declared=held)
    asyncio.run(loop.act(one))
    assert found == done
