"""Heat and what carries it away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterwright.catalogue import load_catalogue
from clusterwright.design.cooling.duty import pumps_left
from clusterwright.design.cooling.supply import dew_point_c
from clusterwright.model.cooling import Room
from tests.sites import definition, own_model, plan_of, put
from tests.unit.test_space import nvl72

CATALOGUE = load_catalogue()
WET = "servers/hgx-h100-liquid"
LOOP = "facility.cooling.loops.tcs1"


@pytest.mark.parametrize("site", [definition, nvl72], ids=["the lab", "an NVL72"])
def test_all_that_is_drawn_leaves_by_coolant_or_by_air(site, tmp_path):
    plan = plan_of(tmp_path, site())
    for rack in plan.racks:
        assert rack.liquid_watts + rack.air_watts == rack.power_watts
    circuits = sum(one.heat_watts for one in plan.cooling.circuits)
    assert circuits + plan.cooling.air.heat_watts == sum(rack.power_watts for rack in plan.racks)


@settings(deadline=None)
@given(st.floats(5, 45), st.floats(1, 100))
def test_the_dew_point_is_below_the_air_and_nearer_when_it_is_humid(inlet_c, humidity):
    dew_c = dew_point_c(Room(inlet_c=inlet_c, relative_humidity_percent=humidity))
    assert dew_c <= inlet_c + 1e-9
    wetter = Room(inlet_c=inlet_c, relative_humidity_percent=min(100.0, humidity * 1.1))
    assert dew_c <= dew_point_c(wetter) + 1e-9


@pytest.mark.parametrize(
    ("inlet_c", "humidity", "dew_c"),
    [(20, 50, 9.3), (25, 60, 16.7), (30, 100, 30.0), (24, 45, 11.3)],
    ids=str,
)
def test_the_dew_point_is_that_of_the_tables(inlet_c, humidity, dew_c):
    room = Room(inlet_c=inlet_c, relative_humidity_percent=humidity)
    assert dew_point_c(room) == pytest.approx(dew_c, abs=0.1)


@pytest.mark.parametrize(
    ("lpm_per_kw", "rise_k"), [(1.0, 14.9), (1.25, 12.0), (1.5, 10.0), (2.0, 7.5)], ids=str
)
def test_pg25_warms_as_the_table_of_flows_says(lpm_per_kw, rise_k):
    watts_per_lpm_k = CATALOGUE.coolants["pg25"].watts_per_lpm_k(30)
    assert 1000 / (lpm_per_kw * watts_per_lpm_k) == pytest.approx(rise_k, abs=0.1)


@pytest.mark.parametrize(
    ("count", "needed", "share"), [(2, 1, 1.0), (3, 2, 1.0), (2, 2, 0.5), (1, 1, 0.0)], ids=str
)
def test_a_cdu_keeps_its_capacity_while_it_has_the_pumps_it_needs(count, needed, share):
    model = CATALOGUE.cdus["in-rack-cdu-200kw"]
    pumps = model.pumps.model_copy(update={"count": count, "needed": needed})
    assert pumps_left(model.model_copy(update={"pumps": pumps})) == share


def test_the_labs_loop_gets_the_flow_that_keeps_its_rise(tmp_path):
    (one,) = plan_of(tmp_path, definition()).cooling.circuits
    assert (one.heat_watts, one.capacity_watts, one.reserve_watts) == (14_000, 200_000, 200_000)
    assert one.flow_lpm == pytest.approx(14 * 1.493, abs=0.1)
    assert one.return_c == pytest.approx(42.0, abs=0.1)
    assert (one.coldest_c, one.warmest_c) == (30.0, 45.0)


def test_flow_that_a_maker_asks_for_comes_before_the_rise_of_the_loop(tmp_path):
    own_model(tmp_path, WET, liquid={"flow_lpm": 14.0, "supply_max_c": 40.0})
    (one,) = plan_of(tmp_path, definition()).cooling.circuits
    assert (one.flow_lpm, one.warmest_c) == (28.0, 40.0)
    assert one.return_c == pytest.approx(32 + 14_000 / (28 * 66.9), abs=0.1)


def test_two_cdus_on_a_circuit_hold_the_same_set_points_and_share_its_flow(tmp_path):
    site = definition()
    put(site, f"{LOOP}.differential_pressure_kpa", None)
    put(site, f"{LOOP}.flow_lpm", 30)
    spare = {"name": "cdu2", "model": "in-rack-cdu-200kw", "rack": "r1"}
    put(site, f"{LOOP}.further_cdus", [spare])
    plan = plan_of(tmp_path, site)
    held = [(one.name, one.circuit, one.cdu, one.flow_lpm) for one in plan.loops]
    assert held == [("tcs1", "tcs1", "cdu1", 15.0), ("tcs1-cdu2", "tcs1", "cdu2", 15.0)]
    assert len({one.controller.address for one in plan.loops}) == 2
    (balance,) = plan.cooling.circuits
    assert (balance.capacity_watts, balance.reserve_watts) == (400_000, 200_000)


def test_a_tank_gives_all_its_heat_to_the_fluid(tmp_path):
    site = definition()
    bath = {"model": "immersion-tank-42u", "names": ["t1"], "power_limit_kw": 140}
    put(site, "facility.racks[1]", bath | {"pdus": {"model": "rack-pdu-415v-60a"}})
    put(site, "compute.su1.groups[0].racks", ["t1"])
    put(site, f"{LOOP}.racks", ["r2", "t1"])
    plan = plan_of(tmp_path, site)
    tank = next(rack for rack in plan.racks if rack.name == "t1")
    assert (tank.tank, tank.liquid_watts, tank.air_watts, tank.gaps) == (True, 20_400, 0, ())
    assert plan.cooling.circuits[0].heat_watts == 14_000 + 20_400
    unproven = {one.check for one in plan.unproven if one.subject == "rack t1"}
    assert unproven == {
        "it carries what stands in it",
        "it takes the heat of what stands in it",
        "its devices stand the fluid",
    }


def test_the_worst_case_of_the_air_is_the_largest_handlers_lost(tmp_path):
    site = definition()
    handlers = [
        {"name": f"ah{kw}", "capacity_kw": kw, "flow_cfm": 1000 * kw} for kw in (50, 70, 60)
    ]
    put(site, "facility.cooling.air", {"handlers": handlers, "redundancy": "n+1"})
    air = plan_of(tmp_path, site).cooling.air
    assert (air.capacity_watts, air.reserve_watts, air.reserve_cfm) == (180_000, 110_000, 110_000)
    assert air.dew_point_c == 11.3


def test_figures_that_are_there_leave_nothing_of_a_loop_unproven(tmp_path):
    own_model(tmp_path, WET, liquid={"supply_max_c": 40.0, "pressure_drop_kpa": 60.0})
    plan = plan_of(tmp_path, definition())
    assert [one for one in plan.unproven if one.subject == "loop tcs1"] == []


@pytest.mark.parametrize(
    ("key", "check"),
    [
        ("pumps", "it carries its heat with one pump lost"),
        ("approach_k", "facility water is cold enough for its supply"),
        ("flow_max_lpm", "it gives the flow that its racks need"),
    ],
    ids=str,
)
def test_a_cdu_without_a_figure_leaves_its_limit_unproven(key, check, tmp_path):
    own_model(tmp_path, "cdus/in-rack-cdu-200kw", **{key: None})
    plan = plan_of(tmp_path, definition())
    assert f"the catalogue has no {key} of in-rack-cdu-200kw" in {
        one.reason for one in plan.unproven if one.check == check
    }


def test_a_room_without_a_word_on_it_leaves_the_dew_point_unproven(tmp_path):
    site = definition()
    put(site, "facility.cooling.room", None)
    checks = {one.check for one in plan_of(tmp_path, site).unproven}
    assert "its supply stays above the dew point" in checks
    assert "inlet air suits every device" in checks
