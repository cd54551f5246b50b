"""All networks of small sites: two compute switches without a spine, two racks, one of each."""

from collections import Counter
from typing import Any

import pytest
import yaml

from clusterwright.catalogue import load_catalogue
from clusterwright.design import design
from clusterwright.design.networks import list_all_joints, plan_domains
from clusterwright.design.plan import SitePlan
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from tests.basepods import basepod
from tests.superpods import loaded, networks_of


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> SitePlan:
    return design(loaded(basepod(), tmp_path_factory.mktemp("basepod")))


def test_two_leaves_are_joined_without_a_spine(plan):
    """RA-11127: with four nodes 32 links to nodes, and 16 (eight twin-port cables) between both."""
    assert Counter((one.fabric, one.tier) for one in plan.switches) == {
        ("compute", "leaf"): 2,
        ("storage", "leaf"): 2,
        ("inband", "leaf"): 2,
        ("oob", "leaf"): 1,
    }
    assert Counter((link.fabric, link.tier) for link in plan.links) == {
        ("compute", "node-leaf"): 32,
        ("compute", "leaf-leaf"): 16,
        ("storage", "node-leaf"): 8,
        ("storage", "storage-leaf"): 4,
        ("storage", "leaf-leaf"): 6,
        ("inband", "node-leaf"): 8,
        ("inband", "host-leaf"): 10,
        ("inband", "storage-leaf"): 4,
        ("inband", "leaf-leaf"): 2,
        ("inband", "uplink"): 2,
        ("oob", "pdu-leaf"): 6,
        ("oob", "node-leaf"): 4,
        ("oob", "host-leaf"): 5,
        ("oob", "storage-leaf"): 2,
        ("oob", "switch-leaf"): 6,
        ("oob", "uplink"): 2,
    }


def test_links_run_as_fast_as_both_ends_can(plan):
    speeds = {(k.fabric, k.tier): set() for k in plan.links}
    for link in plan.links:
        speeds[link.fabric, link.tier].add(link.speed_gbps)
    assert speeds["inband", "node-leaf"] == {100}
    assert speeds["oob", "uplink"] == {100}
    assert speeds["oob", "node-leaf"] == {1}


def test_a_management_switch_stands_in_the_rack_that_gives_it_its_name(plan):
    (switch,) = [one for one in plan.switches if one.fabric == "oob"]
    assert (switch.name, switch.mount.rack) == ("r1-oob", "r1")


def test_a_switch_for_every_rack(tmp_path):
    site = loaded(basepod(("switch: sn2201", "switch: sn2201\n    racks_per_switch: 1")), tmp_path)
    networks, problems = networks_of(site)
    assert problems == []
    assert [one.name for one in networks.places["oob"]] == ["r1-oob", "r2-oob"]


NVL72 = (
    ("      names: [r1, r2]", "      names: [r1]"),
    (
        "per_feed: 1}\ncompute",
        "per_feed: 1}\n    - {system: gb200-nvl72, names: [n1, n2], power_limit_kw: 140}\ncompute",
    ),
    ("build_for: 4", "build_for: 36"),
    ("{server: dgx-h100, count: 4, racks: [r1, r2], pool", "{racks: [n1, n2], pool"),
    ("rails_per_leaf: 4\n    ", ""),
    ("switch: sn2201", "switch: sn2201\n    racks: [r1]"),
)


def test_a_rack_that_is_bought_whole_is_an_nvlink_domain(tmp_path):
    text = basepod(*NVL72).replace("r1, r2", "r1").replace("rack: r2", "rack: r1")
    site = loaded(text, tmp_path)
    networks, problems = networks_of(site)
    domains = plan_domains(site, list_seats(site, list_racks(site)))
    assert [(one.name, len(one.nodes), one.gpus) for one in domains] == [
        ("n1", 18, 72),
        ("n2", 18, 72),
    ]
    assert [one for one in problems if "NVLink" in one] == []
    assert networks.oob is not None
    nvlink = [port for one in networks.oob.served for port in one.fixed if port.tier == "nvlink"]
    assert len(nvlink) == 18


def with_racks_bought_whole() -> dict[str, Any]:
    """Return a site of two GB200 NVL72, each a unit, on switches in an ordinary rack."""
    site = yaml.safe_load(basepod())
    site["facility"] |= {
        "racks": [
            site["facility"]["racks"][0] | {"names": ["r1"], "power_limit_kw": 60},
            {"system": "gb200-nvl72", "names": ["n1", "n2"], "power_limit_kw": 140},
        ],
        "cooling": {
            "loops": [
                {
                    "name": "tcs1",
                    "cdu": {"name": "cdu1", "model": "vertiv-coolchip-1350"},
                    "racks": ["n1", "n2"],
                    "supply_temperature_c": 30,
                    "flow_lpm": 500,
                }
            ]
        },
    }
    site["compute"] = [
        {"name": f"su{n}", "build_for": 18, "groups": [{"racks": [f"n{n}"], "pool": "training"}]}
        for n in (1, 2)
    ]
    del site["storage"], site["management"]
    fabrics = site["fabrics"]
    del fabrics["storage"]
    fabrics["oob"]["prefix"] = "10.0.0.0/22"
    fabrics["compute"]["rails_per_leaf"] = 1
    for fabric in ("compute", "inband"):
        fabrics[fabric]["racks"] = ["r1"]
    return site


def test_a_rack_that_is_bought_whole_is_managed_by_its_own_switches(tmp_path):
    """Its ports alternate between both; each has its uplinks, and none of another rack."""
    site = loaded(with_racks_bought_whole(), tmp_path)
    networks, problems = networks_of(site)
    assert problems == []
    assert [(one.name, one.rack, one.built_in) for one in networks.places["oob"]] == [
        ("r1-oob", "r1", False),
        ("n1-tor1", "n1", True),
        ("n1-tor2", "n1", True),
        ("n2-tor1", "n2", True),
        ("n2-tor2", "n2", True),
    ]
    seats = taken(list_seats(site, list_racks(site)))
    joints = [one for one in list_all_joints(site, networks, seats) if one.fabric == "oob"]
    served = Counter(one.b.device for one in joints if one.tier in ("node-leaf", "nvlink-leaf"))
    assert served.keys() == {"n1-tor1", "n1-tor2", "n2-tor1", "n2-tor2"}
    assert set(served.values()) == {13, 14}
    up = Counter(one.a.device for one in joints if one.tier == "uplink")
    assert set(up.values()) == {2}
    assert up.keys() == {one.name for one in networks.places["oob"]}
    ends = Counter(end for one in joints for end in (one.a, one.b))
    assert max(ends.values()) == 1


def test_switches_that_come_with_a_rack_are_switches_of_the_plan(tmp_path):
    plan = design(loaded(with_racks_bought_whole(), tmp_path))
    own = [one for one in plan.switches if "-tor" in one.name]
    assert [(one.mount.rack, one.model, one.fabric) for one in own] == [
        (rack, "sn2201", "oob") for rack in ("n1", "n1", "n2", "n2")
    ]
    assert [one.name for one in plan.equipment if "-tor" in one.name] == []
    bought = {line.model: line.count for line in plan.bill.lines if line.kind == "switch"}
    assert bought["sn2201"] == 1
    addresses = [one.address for one in plan.switches]
    assert len(set(addresses)) == len(addresses)


def test_a_host_too_many_for_a_rack_with_switches_of_its_own_is_said(tmp_path):
    definition = with_racks_bought_whole()
    definition["management"] = [
        {"name": f"head{n}", "server": "management-1u", "rack": "n1"} for n in range(70)
    ]
    _, problems = networks_of(loaded(definition, tmp_path))
    assert [one for one in problems if "rack n1" in one] == [
        "fabrics.oob.switch: rack n1 has 106 ports for management, but the 2 sn2201 that come "
        "with it have 96: put fewer hosts or switches into it"
    ]


TANKS = (
    ("names: [r1, r2]", "names: [m1, m2]"),
    ("racks: [r1, r2], pool", "racks: [t1, t2], pool"),
    ("dgx-h100", "hgx-h100-liquid"),
    *((f"rack: r{n}", f"rack: m{n}") for n in (1, 1, 1, 2, 2)),
    *(("racks: [r1, r2]", "racks: [m1, m2]") for _ in range(4)),
    ("rack: r1", "rack: m1"),
    (
        "facility:\n  feeds: [A, B, C]\n  racks:\n",
        "facility:\n  feeds: [A, B, C]\n  racks:\n"
        "    - {model: immersion-tank-42u, names: [t1, t2], power_limit_kw: 60,\n"
        "       pdus: {model: raritan-px3-5878i2r, per_feed: 1}}\n",
    ),
    (
        "compute:\n  - name",
        "  cooling:\n    loops:\n      - {name: oil, racks: [t1, t2], coolant: pao,\n"
        "         cdu: {name: cdu1, model: vertiv-coolchip-1350}, supply_temperature_c: 35,\n"
        "         flow_lpm: 500}\n"
        "compute:\n  - name",
    ),
)


def test_a_management_switch_stands_in_no_tank(tmp_path):
    """It serves one, and is called after it."""
    plan = design(loaded(basepod(*TANKS), tmp_path))
    places = {one.name: one.mount.rack for one in plan.switches if one.fabric == "oob"}
    assert "t1-oob" in places
    assert set(places.values()) <= {"m1", "m2"}


@pytest.mark.parametrize("model", sorted(load_catalogue().storage))
def test_a_storage_system_of_which_little_is_known_is_planned_and_not_proven(model, tmp_path):
    plan = design(loaded(basepod(("model: storage-nvme-2u", f"model: {model}")), tmp_path))
    assert {one.model for one in plan.storage_servers} == {model}
    reasons = {one.reason for one in plan.unproven}
    assert f"the catalogue has no height_units of {model}" in reasons
