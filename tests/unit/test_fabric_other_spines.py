"""Definitions with switches of an operator's own: spines of another model, a leaf to every rack."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from tests.superpods import compute_superpod, loaded

LEAF = {
    "title": "64 ports of 800 Gb/s, as an operator would write it",
    "source": "This test",
    "confidence": "assumed",
    "fabric_kind": "ethernet",
    "cages": 64,
    "ports_per_cage": 1,
    "speed_gbps": 800,
    "connector": "osfp-twin",
    "breakouts": [{"ports": 1, "speed_gbps": 800}, {"ports": 2, "speed_gbps": 400}],
    "height_units": 2,
    "power_max_watts": 2000,
    "power_supplies": {"count": 2, "needed": 1, "capacity_watts": 3000},
}
CHASSIS = {
    **LEAF,
    "cages": 288,
    "height_units": 16,
    "power_max_watts": 6000,
    "power_supplies": {"count": 6, "needed": 4, "capacity_watts": 3000},
}
OWN = {"switches/leaf": LEAF, "switches/chassis": CHASSIS}


def planned(folder: Path, server: str, nodes: int, own: dict[str, Any], **fabric: Any) -> SitePlan:
    """Return one unit of so many nodes, four to a rack, whose compute fabric has these keys."""
    racks = [f"u1r{n + 1}" for n in range(nodes // 4)]
    site = compute_superpod(server, nodes_per_rack=4, management=[])
    unit = site["compute"][0]
    unit["groups"][0] |= {"count": nodes, "build_for": nodes, "racks": racks}
    site["compute"] = [unit | {"build_for": nodes}]
    del site["fabrics"]["compute"]["attached"]
    site["fabrics"]["compute"] |= fabric
    return design(loaded(site, folder, own))


@pytest.fixture(scope="module")
def chassis(tmp_path_factory) -> SitePlan:
    return planned(
        tmp_path_factory.mktemp("chassis"),
        "hgx-h100-air",
        16,
        OWN,
        kind="ethernet",
        switch="leaf",
        spine_switch="chassis",
        least_spines=4,
        breakout=2,
        cable="auto",
    )


def test_spines_are_of_the_model_that_is_asked_for(chassis):
    assert Counter((one.tier, one.model) for one in chassis.switches) == {
        ("leaf", "leaf"): 8,
        ("spine", "chassis"): 4,
    }
    bought = {line.model: line.count for line in chassis.bill.lines if line.kind == "switch"}
    assert bought == {"leaf": 8, "chassis": 4}


def test_spines_of_another_model_are_spread_over_the_racks_on_their_own(chassis):
    """Four of 16 units do not go into the last of the racks, as four of two would."""
    racks = [one.mount.rack for one in chassis.switches if one.tier == "spine"]
    assert racks == ["m1", "m2", "m3", "m4"]


def test_ports_of_spines_are_split_to_the_speed_of_the_links(chassis):
    links = [one for one in chassis.links if one.tier == "leaf-spine"]
    assert {one.speed_gbps for one in links} == {400}
    assert len(links) == 8 * 16
    ports = {one.b.port for one in links if one.b.device == "spine1"}
    assert ports == {f"{cage}/{port}" for cage in range(1, 17) for port in (1, 2)}


def test_a_rack_has_a_leaf_for_its_nodes(tmp_path):
    """As in Meta's clusters: whoever gives the racks of the nodes has each leaf in its own."""
    plan = planned(
        tmp_path,
        "hgx-h100-air",
        8,
        OWN,
        kind="ethernet",
        switch="leaf",
        breakout=2,
        cable="auto",
        shape="node-aligned",
        nodes_per_leaf=4,
        racks=["u1r1", "u1r2"],
        spine_racks=["m1"],
        least_spines=2,
    )
    nodes = {one.name: one.mount.rack for one in plan.nodes}
    leaves = {one.name: one.mount.rack for one in plan.switches if one.tier == "leaf"}
    joined = defaultdict(set)
    for link in plan.links:
        if link.tier == "node-leaf":
            joined[nodes[link.a.device]].add(leaves[link.b.device])
    assert len(leaves) == len(set(nodes.values())) == 2
    assert joined == {rack: {rack} for rack in nodes.values()}


def test_a_basepod_runs_sixteen_nodes_at_half_their_speed(tmp_path):
    """RA-11127, "DGX BasePOD with NDR200 Compute Fabric", table 5: up to 16 DGX H100 on QM9700.

    With two switches, each takes half the ports of a node, split from 32 of its own.
    """
    plan = planned(
        tmp_path,
        "dgx-h100",
        16,
        {},
        node_gbps=200,
        breakout=2,
        uplink_breakout=1,
        rails_per_leaf=4,
        cable="auto",
    )
    assert Counter(one.model for one in plan.switches) == {"qm9700": 2}
    assert Counter((one.tier, one.speed_gbps) for one in plan.links) == {
        ("node-leaf", 200): 128,
        ("leaf-leaf", 400): 32,
    }
    assert {port.speed_gbps for node in plan.nodes for port in node.ports} == {200}


NIC = {
    "title": "An adapter of which little is known",
    "source": "This test",
    "confidence": "assumed",
    "kind": "nic",
    "ports": 1,
    "speed_gbps": 400,
    "protocols": ["infiniband", "ethernet"],
    "connectors": ["osfp", "qsfp112", "osfp-twin"],
}


def test_whether_an_adapter_runs_slower_is_not_proven_where_nobody_says(tmp_path):
    own = {"nics/connectx-7-400g": NIC}
    slow = {"node_gbps": 200, "breakout": 2, "uplink_breakout": 1, "cable": "auto"}
    plan = planned(tmp_path, "dgx-h100", 4, own, **slow)
    reasons = [one.reason for one in plan.unproven if "its compute ports" in one.check]
    assert reasons == ["the catalogue has no lower_gbps of connectx-7-400g"]
