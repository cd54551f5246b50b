"""Ethernet fabrics of 800 Gb/s on SN5600, cabled to the last transceiver."""

from collections import Counter

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from tests.superpods import compute_superpod, loaded


def site(server: str, folder, **fabric) -> SitePlan:
    """Design four units whose compute fabric is Ethernet."""
    definition = compute_superpod(server, nodes_per_rack=2, feeds="ABCDEF")
    compute = {"kind": "ethernet", "switch": "sn5600", "cable": "auto", "attached": []}
    definition["fabrics"]["compute"] |= compute | fabric
    definition["facility"]["racks"][0]["power_limit_kw"] = 80
    definition["facility"]["racks"][1]["power_limit_kw"] = 80
    return design(loaded(definition, folder))


@pytest.fixture(scope="module")
def b300(tmp_path_factory) -> SitePlan:
    return site("dgx-b300", tmp_path_factory.mktemp("b300"))


def test_every_link_of_a_fabric_of_dgx_b300_has_a_cable_of_800_gb_s(b300):
    assert {link.speed_gbps for link in b300.links} == {800}
    assert {link.tier for link in b300.links} == {"node-leaf", "leaf-spine"}
    fibres = [link for link in b300.links if link.medium.endswith("fibre")]
    assert fibres
    assert [link for link in fibres if not (link.optic_a and link.optic_b)] == []


def test_an_adapter_and_a_switch_have_each_their_own_transceiver(b300):
    optics = {
        (link.tier, link.optic_a, link.optic_b) for link in b300.links if link.medium != "copper"
    }
    assert ("leaf-spine", "mma4z00-ns", "mma4z00-ns") in optics
    assert ("node-leaf", "osfp-800g-sr8-nic", "mma4z00-ns") in optics


def test_a_link_over_two_fibres_is_bought_as_two(b300):
    pieces = Counter(link.cable for link in b300.links)
    bought = Counter()
    for line in b300.bill.lines:
        if line.kind == "cable":
            bought[line.model] += line.count
    assert bought == {
        cable: n * (2 if cable.endswith("mode") else 1) for cable, n in pieces.items()
    }


def test_nodes_of_400_gb_s_split_the_ports_and_spines_do_not(tmp_path):
    plan = site("dgx-h100", tmp_path, breakout=2, uplink_breakout=1)
    speeds = {link.tier: link.speed_gbps for link in plan.links}
    assert speeds == {"node-leaf": 400, "leaf-spine": 800}
    assert [link for link in plan.links if not link.cable] == []
    inside = Counter(line.kind for line in plan.bill.lines)
    assert inside["transceiver"] > 0
