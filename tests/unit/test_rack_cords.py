"""Every cord is tried, and one that goes elsewhere is named."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from clusterwright.access.rack_power import OutletsState
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.operate.rack.gates import cord_trial, cords
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Verdict, passed
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


THIRD = next(one for one in NODE.power_supplies[1:] if one.feed == FIRST.feed)
EXCHANGE = f"exchange the cords of {FIRST.name} and {{}} of {NODE.name}"
FOLLOW = f"follow the cord of {{}} of {NODE.name}, and plug it into {{}}"


@pytest.mark.parametrize(
    ("changed", "found", "remedy"),
    [
        pytest.param(
            {FIRST.name: at(SECOND), SECOND.name: at(FIRST)},
            f"{OUTLET} feeds {SECOND.name}, but {FIRST.name} is planned there",
            EXCHANGE.format(SECOND.name) + "; their feeds are swapped",
            id="two of a server swapped",
        ),
        pytest.param(
            {FIRST.name: at(THIRD), THIRD.name: at(FIRST)},
            f"{OUTLET} feeds {THIRD.name}, but {FIRST.name} is planned there",
            EXCHANGE.format(THIRD.name),
            id="two of one feed swapped",
        ),
        pytest.param(
            {FIRST.name: ELSEWHERE, "PSU9": at(FIRST)},
            f"{OUTLET} feeds PSU9, but {FIRST.name} is planned there",
            f"plug the cord of {FIRST.name} of {NODE.name} into its planned outlet",
            id="a supply that the plan does not know",
        ),
        pytest.param(
            {FIRST.name: ELSEWHERE},
            f"{OUTLET} was cut, and nobody in the rack lost an input: {FIRST.name} is planned "
            "there",
            FOLLOW.format(FIRST.name, OUTLET),
            id="a cord at nobody's outlet",
        ),
        pytest.param(
            {SECOND.name: at(FIRST)},
            f"{OUTLET} feeds {FIRST.name} and {SECOND.name}, but {FIRST.name} is planned there",
            f"only {FIRST.name} of {NODE.name} belongs there: plug the cord of {SECOND.name} into "
            f"its planned outlet; {FOLLOW.format(SECOND.name, NEXT)}",
            id="two cords on one outlet",
        ),
    ],
)
def test_a_cord_at_another_outlet_is_named_with_where_it_belongs(try_cords, changed, found, remedy):
    verdict, said, advice = try_cords(wiring(**changed))
    assert (verdict, advice) == (Verdict.FAIL, remedy)
    assert found in said


def test_a_cord_of_another_server_is_named_with_whose_it_is(try_cords):
    wired = wiring(**{FIRST.name: ELSEWHERE})
    other = OTHER.power_supplies[0].name
    wired.places[OTHER.name, other] = at(FIRST)
    verdict, found, remedy = try_cords(wired)
    assert verdict is Verdict.FAIL
    assert (
        f"{OUTLET} feeds {other} of {OTHER.name}, but {FIRST.name} of {NODE.name} is planned there"
    ) in found
    assert remedy == f"plug the cord of {FIRST.name} of {NODE.name} into {OUTLET}"


@pytest.fixture
def look_at_cords(monkeypatch):
    def look_at_cords(one: LiveRack, *dark: str) -> dict[str, Verdict]:
        async def inputs(controller):
            own = controller is NODE.controller
            supplies = [supply.name for supply in NODE.power_supplies]
            states = {
                name: "LossOfInput" if own and name in dark else "Normal" for name in supplies
            }
            return {**states, "of nobody": "LossOfInput"}

        async def nothing(_rack):
            return ()

        monkeypatch.setattr(cord_trial.measurements, "line_inputs", inputs)
        monkeypatch.setattr(cords.balance, "look", nothing)
        checks = asyncio.run(cords.look(one))
        return {check.sentence: check.verdict for check in checks if check.subject == NODE.name}

    return look_at_cords


def test_a_supply_without_input_holds_the_rack_up(look_at_cords):
    assert look_at_cords(rack("r1"))[cords.HAS_INPUT] is Verdict.PASS
    assert look_at_cords(rack("r1"), FIRST.name)[cords.HAS_INPUT] is Verdict.FAIL


def test_cords_are_proven_by_their_trial_and_by_nothing_else(look_at_cords):
    shelves = replace(NODE, power_supplies=())
    plan = replace(PLAN, nodes=tuple(shelves if one is NODE else one for one in PLAN.nodes))
    assert look_at_cords(rack("r1"))[cords.PLANNED] is Verdict.FAIL
    assert look_at_cords(rack("r1", working(NODE.name)))[cords.PLANNED] is Verdict.PASS
    assert look_at_cords(rack("r1", plan))[cords.PLANNED] is Verdict.NOT_PROVEN
    tried = rack("r1")
    tried.tried[NODE.name] = passed(NODE.name, cords.PLANNED)
    assert look_at_cords(tried)[cords.PLANNED] is Verdict.PASS


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
    one = rack("r1", working(NODE.name))
    asyncio.run(cords.act(one))
    assert NODE.name not in one.tried
    assert OTHER.name in one.tried
