"""A wrong reading of a rack fails its gate, and one that is not given proves nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from clusterwright.access.rack_power import OutletsState
from clusterwright.errors import DeviceRefused
from clusterwright.operate.rack.gates import balance, outlets
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Verdict
from clusterwright.verify.measurements import pdu as measurements
from tests.live_rack import live_rack
from tests.pages import Pages, links, of
from tests.sites import plan_without_switches

PLAN = plan_without_switches()
PDU = next(one for one in PLAN.pdus if one.rack == "r1")
SERVED = [one for one in PDU.outlets if one.phase]
MAINS = {"PowerState": "On", "BreakerState": "Normal", "Voltage": 240.0, "CurrentAmps": 10.0}


def a_pdu(watts: Callable[[int], float | None] = lambda _: None, **mains: Any) -> Pages:
    """Return a PDU with every outlet on, and this of its mains; None is not told."""
    target = {"#Outlet.PowerControl": {"target": "/control"}}
    each = [
        {
            "Id": str(one.number),
            "PowerState": "On",
            "Actions": target,
            "PowerWatts": {"Reading": watts(one.number)},
        }
        for one in PDU.outlets
    ]
    told = {key: value for key, value in {**MAINS, **mains}.items() if value is not None}
    return Pages(
        PowerEquipment=links("RackPDUs"),
        RackPDUs=of(links("Mains", "Outlets", "Branches", "Metrics")),
        Mains=of(told),
        Outlets=of(*each),
    )


def rack(device: Pages) -> LiveRack:
    return live_rack("r1", PLAN, lambda _: device)


def said(checks: tuple[Check, ...], subject: str, sentence: str) -> tuple[Verdict, str]:
    [one] = [c for c in checks if (c.subject, c.sentence) == (subject, sentence)]
    return one.verdict, one.found


@pytest.mark.parametrize(
    ("mains", "sentence", "verdict", "found"),
    [
        pytest.param({}, outlets.LIVE, Verdict.PASS, "feed A", id="live"),
        pytest.param(
            {"BreakerState": "Tripped"},
            outlets.LIVE,
            Verdict.FAIL,
            "its breaker has tripped",
            id="tripped",
        ),
        pytest.param(
            {"PowerState": "Off"}, outlets.LIVE, Verdict.FAIL, "feed A gives no power", id="dark"
        ),
        pytest.param(
            {"PowerState": None},
            outlets.LIVE,
            Verdict.NOT_PROVEN,
            "the PDU does not tell whether its input has power",
            id="no power state",
        ),
        pytest.param({}, outlets.WITHIN, Verdict.PASS, "240 V, 10.0 A", id="within limits"),
        pytest.param(
            {"Voltage": {"Reading": 240.0}, "CurrentAmps": {"Reading": 0.0}},
            outlets.WITHIN,
            Verdict.PASS,
            "240 V, 0.0 A",
            id="readings of sensors, and nothing drawn",
        ),
        pytest.param(
            {"Voltage": -240.0},
            outlets.WITHIN,
            Verdict.FAIL,
            "its meter reads -240 V, 10.0 A, which cannot be",
            id="volts below zero",
        ),
        pytest.param(
            {"Voltage": 216.0}, outlets.WITHIN, Verdict.PASS, "216 V, 10.0 A", id="a tenth less"
        ),
        pytest.param(
            {"Voltage": 265.0},
            outlets.WITHIN,
            Verdict.FAIL,
            "265 V, 10.0 A, but 240 V ± 10 % is expected",
            id="more than a tenth more",
        ),
        pytest.param(
            {"Voltage": 215.0},
            outlets.WITHIN,
            Verdict.FAIL,
            "215 V, 10.0 A, but 240 V ± 10 % is expected",
            id="more than a tenth less",
        ),
        pytest.param(
            {"CurrentAmps": 999.0},
            outlets.WITHIN,
            Verdict.FAIL,
            "240 V, 999.0 A, but at most 144 A may flow for hours",
            id="too much current",
        ),
        pytest.param(
            {"CurrentAmps": (PDU.limit_va or 0) / 240},
            outlets.WITHIN,
            Verdict.PASS,
            "240 V, 143.8 A",
            id="as much current as may flow",
        ),
        pytest.param(
            {"CurrentAmps": -1.0},
            outlets.WITHIN,
            Verdict.FAIL,
            "its meter reads 240 V, -1.0 A, which cannot be",
            id="current below zero",
        ),
        pytest.param(
            {"CurrentAmps": None},
            outlets.WITHIN,
            Verdict.NOT_PROVEN,
            "240 V; the PDU measures no current",
            id="no current",
        ),
        pytest.param(
            {"Voltage": None},
            outlets.WITHIN,
            Verdict.NOT_PROVEN,
            "the PDU, or its model in the catalogue, gives no volts",
            id="no volts",
        ),
    ],
)
def test_a_feed_is_live_and_within_its_limits_or_holds_the_rack_up(mains, sentence, verdict, found):
    checks = asyncio.run(outlets.look(rack(a_pdu(**mains))))
    assert said(checks, PDU.name, sentence) == (verdict, found)


@pytest.mark.parametrize(
    ("unknown", "found"),
    [
        pytest.param(
            replace(PDU, limit_va=None),
            "240 V, 10.0 A; the PDU has no limit in the catalogue",
            id="no limit",
        ),
        pytest.param(
            replace(PDU, outlet_volts=None),
            "the PDU, or its model in the catalogue, gives no volts",
            id="no volts",
        ),
    ],
)
def test_a_figure_that_the_catalogue_lacks_proves_nothing(unknown, found):
    plan = replace(PLAN, pdus=tuple(unknown if one is PDU else one for one in PLAN.pdus))
    checks = asyncio.run(outlets.look(live_rack("r1", plan, lambda _: a_pdu())))
    assert said(checks, PDU.name, outlets.WITHIN) == (Verdict.NOT_PROVEN, found)


def test_outlets_come_on_in_the_order_of_their_delays_and_those_that_are_on_are_left(monkeypatch):
    on, switched = {one.number for one in PDU.outlets[:2]}, []

    async def read(name, wanted):
        state = {n: "On" if (name, n in on) == (PDU.name, True) else "Off" for n in wanted.outlets}
        return OutletsState(outlets=state)

    async def apply(name, wanted, *_, **__):
        assert set(wanted.outlets.values()) == {"On"}
        switched.extend((name, number) for number in wanted.outlets)

    monkeypatch.setattr(outlets.rack_power, "read", read)
    monkeypatch.setattr(outlets.rack_power, "apply", apply)
    names = {pdu.controller.name: pdu.name for pdu in PLAN.pdus}
    one = live_rack("r1", PLAN, lambda controller: names[controller.name])
    asyncio.run(outlets.switch_on(one))
    delays = {(p.name, o.number): o.power_on_delay_s for p in one.pdus for o in p.outlets}
    assert set(switched) == delays.keys() - {(PDU.name, number) for number in on}
    assert [delays[at] for at in switched] == sorted(delays[at] for at in switched)
    assert len(set(delays.values())) > 1


@pytest.mark.parametrize(
    ("watts", "verdict", "found"),
    [
        pytest.param(lambda _: 500.0, Verdict.PASS, "", id="all alike"),
        pytest.param(lambda _: 200.0, Verdict.PASS, "", id="as little as tells"),
        pytest.param(
            lambda _: 100.0, Verdict.NOT_PROVEN, "its servers draw too little to tell", id="idle"
        ),
        pytest.param(
            lambda _: None,
            Verdict.NOT_PROVEN,
            "the PDU does not measure each outlet",
            id="not measured",
        ),
        pytest.param(
            lambda number: -5.0 if number == SERVED[0].number else 500.0,
            Verdict.FAIL,
            "an outlet gives -5 W, which cannot be",
            id="below zero",
        ),
        pytest.param(
            lambda number: 500.0 if number == SERVED[0].number else 0.0,
            Verdict.FAIL,
            f"{SERVED[0].phase} 100%",
            id="all on one line",
        ),
    ],
)
def test_the_load_lies_on_the_lines_as_planned_or_holds_the_rack_up(watts, verdict, found):
    checks = asyncio.run(balance.look(rack(a_pdu(watts))))
    got, text = said(checks, PDU.name, balance.AS_PLANNED)
    assert got is verdict
    assert found in text


@pytest.mark.parametrize(
    ("amps", "expected"),
    [
        pytest.param({"1": 10.0, "2": 10.0}, {}, id="as much as they may"),
        pytest.param({"1": 10.5, "2": 1.0}, {"branch 1": "10.5 A"}, id="one too much"),
        pytest.param({"2": 10.5}, {"branch 2": "10.5 A"}, id="one too much, one not shown"),
    ],
)
def test_a_branch_over_its_limit_is_named(amps, expected):
    device = a_pdu()
    branches = [{"Id": name, "CurrentAmps": {"Reading": one}} for name, one in amps.items()]
    device.pages["Branches"] = of(*branches)
    limits = {"1": 10.0, "2": 10.0}
    assert asyncio.run(measurements.overloaded(device, limits_amps=limits)) == expected


def test_a_branch_that_is_not_measured_is_not_passed():
    device = a_pdu()
    device.pages["Branches"] = of({"Id": "1", "CurrentAmps": {"Reading": 1.0}})
    with pytest.raises(DeviceRefused, match=r"it measures no branch 2; read its meter"):
        asyncio.run(measurements.overloaded(device, limits_amps={"1": 10.0, "2": 10.0}))
