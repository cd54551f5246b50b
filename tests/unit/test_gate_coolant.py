"""Coolant is what a CDU finds, and else what a person has measured; nothing of it is assumed."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from clusterwright.model.record import SignOff
from clusterwright.operate.rack.gates import coolant
from clusterwright.operate.rack.gates.coolant_limits import judged
from clusterwright.operate.rack.verdict import Verdict, failed
from tests.live_rack import live_rack
from tests.pages import Pages, links, of
from tests.sites import plan_without_switches

PLAN = plan_without_switches()
FILTER = {"Id": "1", "Status": {"Health": "OK"}, "DeltaLiquidPressurekPa": {"Reading": 20.0}}
LOOP = {
    "CoolantLevelPercent": {"Reading": 90.0},
    "CoolantLevelStatus": "OK",
    "CoolantQuality": "OK",
}


@pytest.fixture(autouse=True)
def _is_met(monkeypatch):
    async def met(*_):
        return ()

    monkeypatch.setattr(coolant.meeting, "look", met)


def a_cdu(one: dict[str, Any], *filters: dict[str, Any], **told: Any) -> Pages:
    return Pages(
        ThermalEquipment=links("CDUs", "CoolingLoops"),
        CDUs=of(links("Filters") | told),
        CoolingLoops=of(one),
        Filters=of(*filters),
    )


@pytest.mark.parametrize(
    ("one", "filters", "expected"),
    [
        pytest.param(
            LOOP,
            [FILTER],
            {
                coolant.FILLED: Verdict.PASS,
                coolant.CLEAN: Verdict.PASS,
                coolant.QUALITY: Verdict.PASS,
            },
            id="filled and clean",
        ),
        pytest.param(
            LOOP | {"CoolantLevelStatus": "Warning"},
            [FILTER],
            {coolant.FILLED: Verdict.FAIL, coolant.CLEAN: Verdict.PASS},
            id="too little coolant",
        ),
        pytest.param(
            {"CoolantLevelPercent": {"Reading": 3.0}},
            [FILTER],
            {coolant.FILLED: Verdict.WAITS, coolant.CLEAN: Verdict.PASS},
            id="a level that the CDU does not judge",
        ),
        pytest.param(
            LOOP,
            [FILTER, FILTER | {"Id": "2", "Status": {}}],
            {coolant.FILLED: Verdict.PASS, coolant.CLEAN: Verdict.WAITS},
            id="a filter that does not tell its health",
        ),
        pytest.param(
            LOOP,
            [FILTER | {"Status": {"Health": "Warning"}}, FILTER | {"Id": "2", "Status": {}}],
            {coolant.FILLED: Verdict.PASS, coolant.CLEAN: Verdict.FAIL},
            id="a clogged filter beside one that does not tell",
        ),
        pytest.param(
            LOOP,
            [],
            {coolant.FILLED: Verdict.PASS, coolant.CLEAN: Verdict.WAITS},
            id="no filter shown",
        ),
        pytest.param(
            LOOP | {"CoolantQuality": "Critical"},
            [FILTER],
            {coolant.QUALITY: Verdict.FAIL},
            id="bad coolant",
        ),
    ],
)
def test_what_a_cdu_does_not_judge_a_person_does(one, filters, expected):
    checks = asyncio.run(coolant.look(live_rack("r2", PLAN, lambda _: a_cdu(one, *filters))))
    found = {check.sentence: check.verdict for check in checks}
    assert {sentence: found[sentence] for sentence in expected} == expected


GLYCOL, PH, CONDUCTIVITY = (
    next(one for one in coolant.ITEMS if one.name == name)
    for name in ("glycol", "ph", "conductivity")
)
FLUID = replace(
    PLAN.coolants[0],
    additive_percent_min=22.0,
    additive_percent_max=28.0,
    ph_min=8.0,
    ph_max=None,
    conductivity_us_per_cm_max=5.0,
)


@pytest.mark.parametrize(
    ("item", "figure", "verdict"),
    [
        pytest.param(GLYCOL, 22.0, Verdict.PASS, id="the least"),
        pytest.param(GLYCOL, 28.0, Verdict.PASS, id="the most"),
        pytest.param(GLYCOL, 21.9, Verdict.FAIL, id="too little"),
        pytest.param(GLYCOL, 28.1, Verdict.FAIL, id="too much"),
        pytest.param(PH, 8.0, Verdict.PASS, id="no upper limit"),
        pytest.param(PH, 7.9, Verdict.FAIL, id="too little, no upper limit"),
        pytest.param(CONDUCTIVITY, 5.0, Verdict.PASS, id="the most, no lower limit"),
        pytest.param(CONDUCTIVITY, 5.1, Verdict.FAIL, id="too much, no lower limit"),
    ],
)
def test_a_figure_of_coolant_is_held_against_its_limits(item, figure, verdict):
    assert judged("tcs1", item, figure, FLUID, "read").verdict is verdict
    assert judged("tcs1", item, figure, None, "read").verdict is Verdict.NOT_PROVEN


def test_what_is_allowed_is_said_where_only_one_limit_is_known():
    assert judged("tcs1", PH, 7.9, FLUID, "7.9").found == "7.9, but at least 8 pH is allowed"
    assert judged("tcs1", CONDUCTIVITY, 6, FLUID, "6").found == "6, but at most 5 µS/cm is allowed"


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        pytest.param({}, Verdict.WAITS, id="not told"),
        pytest.param({"Coolant": {"AdditivePercent": 0}}, Verdict.FAIL, id="none"),
        pytest.param({"Coolant": {"AdditivePercent": 25}}, Verdict.PASS, id="enough"),
    ],
)
def test_glycol_that_the_cdu_measures_needs_no_person(told, verdict):
    plan = replace(
        PLAN, coolants=(replace(FLUID, circuit="another", additive_percent_min=50.0), FLUID)
    )
    device = a_cdu(LOOP, FILTER, **told)
    checks = asyncio.run(coolant.look(live_rack("r2", plan, lambda _: device)))
    assert [one.verdict for one in checks if one.sentence == GLYCOL.sentence] == [verdict]


@pytest.mark.parametrize(
    ("signed_at", "name", "verdict"),
    [
        pytest.param("r2", "conductivity", Verdict.FAIL, id="a figure beyond its limit"),
        pytest.param("r2", "bled", Verdict.PASS, id="this rack's part"),
        pytest.param("r9", "bled", Verdict.WAITS, id="another rack's part"),
        pytest.param("r9", "ph", Verdict.PASS, id="the loop's coolant, at another rack"),
        pytest.param("r1", "ph", Verdict.WAITS, id="a rack of no loop"),
    ],
)
def test_what_is_of_the_whole_loop_is_signed_off_at_any_of_its_racks(signed_at, name, verdict):
    loops = tuple(replace(one, racks=(*one.racks, "r9")) for one in PLAN.loops)
    plan = replace(PLAN, loops=loops, coolants=(FLUID,))
    one = live_rack("r2", plan, lambda _: a_cdu(LOOP, FILTER))
    signed = SignOff(value="9", by="Ada", at="2026-11-28T19:00:00Z")
    one.site = replace(one.site, sign_offs={signed_at: {name: signed}})
    [sentence] = (item.sentence for item in coolant.ITEMS if item.name == name)
    checks = asyncio.run(coolant.look(one))
    assert [check.verdict for check in checks if check.sentence == sentence] == [verdict]


def test_a_cdu_that_is_not_met_is_asked_nothing(monkeypatch):
    stranger = failed(PLAN.loops[0].cdu, "it is met", "somebody else answers")

    async def look(_rack, controllers):
        assert [name for name, _ in controllers] == [loop.cdu for loop in PLAN.loops]
        return (stranger,)

    monkeypatch.setattr(coolant.meeting, "look", look)
    assert asyncio.run(coolant.look(live_rack("r2", PLAN, lambda _: Pages()))) == (stranger,)


def test_a_rack_without_a_loop_needs_no_coolant():
    [check] = asyncio.run(coolant.look(live_rack("r1", PLAN, lambda _: Pages())))
    assert (check.verdict, check.found) == (Verdict.PASS, "no loop cools this rack")
