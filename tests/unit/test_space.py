"""Where devices stand, for racks drawn by hypothesis and for whole sites."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterwright.design.occupant import Occupant
from clusterwright.design.rack_system import share_out
from clusterwright.design.racks import list_racks
from clusterwright.design.space.elevation import elevate
from clusterwright.load import load_site
from clusterwright.model.floor import Pin
from clusterwright.site_folder import find_site
from tests.sites import definition, own_model, plan_of, put

RACK = list_racks(load_site(find_site("lab")))["r1"]
HEIGHT = RACK.model.height_units
properties = settings(deadline=None, max_examples=200)


def device(name: str, **figures) -> Occupant:
    fixed = {"model": "any", "rack": "r1", "power_watts": 0, "liquid_watts": 0, "supplies": None}
    return Occupant(name=name, path=("here", name), **fixed, **figures)


@st.composite
def racks_full(draw) -> list[Occupant]:
    """Draw what fits into one rack: some of it still to come, in no order."""
    devices, left = [], HEIGHT
    for n in range(draw(st.integers(1, 14))):
        height = draw(st.integers(1, 10))
        if height <= left:
            left -= height
            kind = draw(st.sampled_from(["node", "node", "host", "switch", "cdu", "power-shelf"]))
            one = device(
                f"d{n}",
                kind=kind,
                height_units=height,
                from_top=kind in ("switch", "host"),
                weight_kg=draw(st.sampled_from([None, 15.0, 130.0, 142.0])),
                present=draw(st.booleans()),
            )
            devices.append(one)
    return devices


def arranged(devices, pins=None):
    elevation = elevate({"r1": RACK}, devices, pins or {})
    assert elevation.misfits == ()
    return elevation.mounts


def units_of(mount):
    return range(mount.lowest_unit, mount.lowest_unit + mount.height_units)


@properties
@given(racks_full())
def test_no_two_devices_share_a_unit_and_all_are_within_their_rack(devices):
    taken = [unit for mount in arranged(devices).values() for unit in units_of(mount)]
    assert len(set(taken)) == len(taken)
    assert set(taken) <= set(range(1, HEIGHT + 1))


@properties
@given(racks_full())
def test_what_stands_on_the_floor_stands_heaviest_first(devices):
    mounts = arranged(devices)
    known = [one for one in devices if one.kind == "node" and one.weight_kg]
    upwards = sorted(known, key=lambda one: mounts[one.name].lowest_unit)
    weights = [one.weight_kg for one in upwards]
    assert weights == sorted(weights, reverse=True)


@properties
@given(racks_full())
def test_coolant_is_below_all_and_switches_above_all(devices):
    mounts = arranged(devices)
    by_kind = {
        kind: [mounts[one.name].lowest_unit for one in devices if one.kind == kind]
        for kind in ("cdu", "node", "host", "switch")
    }
    order = [by_kind[kind] for kind in ("cdu", "node", "host", "switch") if by_kind[kind]]
    assert all(max(low) < min(high) for low, high in pairwise(order))


@properties
@given(racks_full(), st.data())
def test_what_was_to_come_moves_nothing_when_it_comes(devices, data):
    before = arranged(devices)
    come = [replace(one, present=one.present or data.draw(st.booleans())) for one in devices]
    assert arranged(come) == before


@properties
@given(racks_full(), st.data())
def test_devices_pinned_where_they_stand_leave_all_where_it_stands(devices, data):
    before = arranged(devices)
    pinned = data.draw(st.sets(st.sampled_from([one.name for one in devices])))
    pins = {name: Pin(at=before[name].lowest_unit) for name in pinned}
    assert arranged(devices, pins) == before


@properties
@given(st.integers(0, 10**6), st.lists(st.floats(0.1, 100), min_size=1, max_size=40))
def test_watts_shared_out_are_all_there(total, weights):
    shares = share_out(total, weights)
    assert sum(shares) == total
    assert min(shares) >= 0


def by_name(plan):
    return {one.name: (one.mount, one.address) for one in (*plan.nodes, *plan.management_hosts)}


@pytest.mark.parametrize("racks", [["r1"], ["r1", "r3"]], ids=["one rack", "two racks"])
def test_filling_a_group_up_moves_nothing_that_stands(racks, tmp_path):
    site = definition()
    put(site, "facility.racks[0].names", ["r1", "r2", "r3", "r4"])
    put(site, "facility.racks[0].power_limit_kw", 60)
    put(site, "fabrics.compute.racks", ["r4"])
    group = site["compute"][0]["groups"][0] | {"racks": racks, "count": 1, "build_for": 3}
    site["compute"][0]["groups"][0] = group
    small = plan_of(tmp_path, site)
    group["count"] = 3
    large = plan_of(tmp_path, site)
    assert by_name(small).items() <= by_name(large).items()
    assert set(small.links) <= set(large.links)


def test_the_last_group_of_a_unit_grows_in_place_without_a_word(tmp_path):
    site = definition()
    put(site, "compute.su1.build_for", 8)
    put(site, "facility.racks[0].names", ["r1", "r2", "r3"])
    put(site, "compute.su1.groups[1].racks", ["r2", "r3"])
    put(site, "facility.cooling.loops.tcs1.racks", ["r2", "r3"])
    small = plan_of(tmp_path, site)
    assert [node.mount.rack for node in small.nodes] == ["r1", "r1", "r2", "r2"]
    put(site, "compute.su1.groups[1].count", 6)
    assert by_name(small).items() <= by_name(plan_of(tmp_path, site)).items()


def test_units_without_a_device_are_gaps(tmp_path):
    plan = plan_of(tmp_path, definition())
    mounts = [
        *(host.mount for host in plan.hosts),
        *(switch.mount for switch in plan.switches),
        *(one.mount for one in plan.equipment if one.mount),
    ]
    for rack in plan.racks:
        taken = [unit for at in mounts if at.rack == rack.name for unit in units_of(at)]
        empty = [unit for gap in rack.gaps for unit in units_of(gap)]
        assert sorted(taken + empty) == list(range(1, rack.height_units + 1))


def test_switches_face_where_the_ports_of_the_servers_are(tmp_path):
    site = definition()
    assert {switch.mount.face for switch in plan_of(tmp_path, site).switches} == {"rear"}
    for name in ("dgx-h100", "hgx-h100-liquid"):
        own_model(tmp_path, f"servers/{name}", ports_face="front")
    assert {switch.mount.face for switch in plan_of(tmp_path, site).switches} == {"front"}


def test_a_switch_that_blows_away_from_its_ports_has_them_in_the_cold_aisle(tmp_path):
    own_model(tmp_path, "switches/qm9700", air={"direction": "front-to-rear"})
    plan = plan_of(tmp_path, definition())
    assert {switch.mount.face for switch in plan.switches} == {"front"}
    assert plan.racks[0].aisle("front") == "south"
    assert plan.racks[0].aisle("rear") == "north"


def test_pdus_of_no_height_stand_at_both_sides(tmp_path):
    rack = plan_of(tmp_path, definition()).racks[0]
    places = [(one.device, one.side, one.place) for one in rack.sides]
    assert places == [
        ("r1-pdu-a", "left", 1),
        ("r1-pdu-b", "right", 1),
        ("r1-pdu-c", "left", 2),
    ]


def test_a_rack_weighs_what_is_in_it_or_nobody_knows(tmp_path):
    site = definition()
    assert [rack.weight_kg for rack in plan_of(tmp_path, site).racks] == [None, None]
    own_model(tmp_path, "racks/48u-750x1200", weight_kg=150.0, load_max_kg=1500.0)
    own_model(tmp_path, "servers/management-1u", weight_kg=15.0)
    put(site, "facility.floor", {"tile": {"load_max_kg": 500}})
    plan = plan_of(tmp_path, site)
    assert [rack.weight_kg for rack in plan.racks] == [603.5, None]
    used = {(one.subject, one.limit): (one.used, one.allowed) for one in plan.usages}
    assert used["rack r1", "load"] == (453.5, 1500.0)
    assert used["rack r1", "floor tile"] == (241.4, 500.0)


def test_a_cdu_of_the_floor_stands_where_a_row_names_it_or_at_its_east_end(tmp_path):
    site = definition()
    put(site, "facility.cooling.loops.tcs1.cdu.model", "coolit-chx2000")
    (cdu,) = plan_of(tmp_path, site).equipment
    assert (cdu.mount, cdu.floor.row, cdu.floor.place, cdu.floor.x_mm) == (None, "row1", 2, 1500)
    put(site, "facility.floor", {"rows": [{"name": "a", "racks": ["r1", "cdu1", "r2"]}]})
    plan = plan_of(tmp_path, site)
    assert (plan.equipment[0].floor.row, plan.equipment[0].floor.place) == ("a", 1)
    assert [rack.x_mm for rack in plan.racks] == [0, 750 + 600]


def test_a_rack_bought_whole_has_all_its_parts_where_its_maker_puts_them(tmp_path):
    plan = plan_of(tmp_path, nvl72())
    trays = [node.mount.lowest_unit for node in plan.nodes if node.mount.rack == "n1"]
    assert trays == [*range(5, 13), *range(22, 32)]
    assert {node.server for node in plan.nodes} == {"gb200-compute-tray"}
    nvlink = [one.mount.lowest_unit for one in plan.equipment if one.kind == "nvlink-switch"]
    assert nvlink == list(range(13, 22))
    assert len([shelf for shelf in plan.power_shelves if shelf.mount.rack == "n1"]) == 8
    rack = next(rack for rack in plan.racks if rack.name == "n1")
    assert (rack.power_watts, rack.liquid_watts, rack.weight_kg) == (132_000, 115_000, 1360.0)


def nvl72():
    """Return the lab with one GB200 NVL72 in place of its nodes."""
    site = definition()
    put(
        site, "facility.racks[1]", {"system": "gb200-nvl72", "names": ["n1"], "power_limit_kw": 140}
    )
    put(site, "compute.su1.groups", [{"racks": ["n1"], "pool": "training"}])
    put(site, "facility.cooling.loops.tcs1.racks", ["n1"])
    put(site, "facility.cooling.loops.tcs1.cdu.rack", "r2")
    put(site, "pools", {"training": {"mig": "none"}})
    return site
