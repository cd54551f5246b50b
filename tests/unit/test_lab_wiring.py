"""Which switches a lab has, and what is plugged into them."""

import pytest

from clusterwright.design import design
from clusterwright.design.plan import LinkEnd
from clusterwright.lab.out_of_band.wiring import ROOT_PORT, wiring_of
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from tests.sites import definition, plan_of, plan_without_switches


@pytest.fixture(scope="module")
def plan():
    return design(load_site(find_site("lab")))


@pytest.fixture(scope="module")
def wiring(plan):
    return wiring_of(plan)


def ports(wiring, name):
    [switch] = [one for one in wiring.switches if one.name == name]
    return {port.name: port.bridges for port in switch.ports}


def test_a_plan_without_out_of_band_switches_has_none_in_the_lab():
    assert wiring_of(plan_without_switches()).switches == ()


def test_the_lab_has_the_ethernet_switches_of_the_plan(wiring):
    assert [one.name for one in wiring.switches] == [
        "inband-leaf1",
        "inband-leaf2",
        "r1-oob",
        "r2-oob",
    ]


def test_every_controller_has_the_port_of_the_plan(plan, wiring):
    assert wiring.controllers["su1-n1"] == LinkEnd(device="r1-oob", port="4")
    assert wiring.controllers["cdu1"] == LinkEnd(device="r2-oob", port="4")
    owners = {*(n.name for n in plan.nodes), *(p.name for p in plan.pdus), "cdu1"}
    assert wiring.controllers.keys() == owners


def test_frames_have_one_way_from_each_controller_to_the_lab_and_no_loop(wiring):
    assert wiring.roots == ("inband-leaf1",)
    assert ports(wiring, "inband-leaf1") == {
        "33": True,
        "34": True,
        "63": False,
        "64": False,
        "MGMT": False,
        ROOT_PORT: True,
    }
    assert not any(ports(wiring, "inband-leaf2").values())
    uplinks = {name: ports(wiring, "r1-oob")[name] for name in ("49", "50")}
    assert uplinks == {"49": True, "50": False}


def test_a_leaf_is_managed_at_its_own_port_and_an_out_of_band_switch_at_its_bridge(wiring):
    managed = {one.name: one.management for one in wiring.switches}
    assert (managed["inband-leaf1"], managed["r1-oob"]) == ("MGMT", "")


def test_without_in_band_switches_each_out_of_band_one_meets_the_lab_itself(tmp_path):
    site = definition()
    site["fabrics"]["oob"] |= {"switch": "sn2201", "cable": "cat6", "racks_per_switch": 1}
    wiring = wiring_of(plan_of(tmp_path, site))
    assert wiring.roots == ("r1-oob", "r2-oob")
    assert wiring.cables == ()
    assert ports(wiring, "r2-oob")[ROOT_PORT]
