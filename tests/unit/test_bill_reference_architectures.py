"""The cable and transceiver bill of DGX SuperPODs, from the design alone.

Sources: ../shared/reference/hardware.md, section 1.2, table 8 (four units, 127 nodes), its compute
rows; docs/bill.md explains what is counted where the table is silent.
"""

from collections import Counter

import pytest

from clusterwright.design import design
from clusterwright.design.plan import BillLine, SitePlan
from tests.superpods import compute_superpod, loaded


@pytest.fixture(
    scope="module",
    params=[("dgx-h100", 4, "ABC"), ("dgx-b200", 2, "ABCDEF")],
    ids=["DGX H100", "DGX B200"],
)
def plan(request, tmp_path_factory) -> SitePlan:
    server, nodes_per_rack, feeds = request.param
    definition = compute_superpod(server, nodes_per_rack=nodes_per_rack, feeds=feeds)
    return design(loaded(definition, tmp_path_factory.mktemp("superpod")))


def lines(plan: SitePlan, kind: str) -> list[BillLine]:
    return [line for line in plan.bill.lines if line.kind == kind]


def test_127_nodes_stand_on_48_switches(plan):
    assert [line.count for line in lines(plan, "node")] == [127]
    assert [line.count for line in lines(plan, "switch")] == [48]


def test_fibres_are_1016_to_nodes_and_1024_between_switches_and_2_splits_to_ufm(plan):
    uses: Counter[str] = Counter()
    for line in lines(plan, "cable"):
        uses.update({use.where: use.count for use in line.uses})
    assert uses["compute node-leaf"] + uses["compute leaf-spine"] == 2040
    assert uses == {
        "compute node-leaf": 1016,
        "compute leaf-spine": 1024,
        "compute ufm-leaf": 2,
    }


def test_two_splitters_join_both_ufm_appliances_to_two_leaves(plan):
    links = [link for link in plan.links if link.tier == "ufm-leaf"]
    assert [(link.a.device, link.a.port, link.b.device, link.b.port) for link in links] == [
        ("ufm1", "HCA1", "su1-leaf1", "16/2/1"),
        ("ufm2", "HCA1", "su1-leaf1", "16/2/2"),
        ("ufm1", "HCA2", "su1-leaf2", "16/2/1"),
        ("ufm2", "HCA2", "su1-leaf2", "16/2/2"),
    ]
    assert {(link.cable, link.speed_gbps) for link in links} == {("ndr-multimode-splitter", 200)}
    assert len({link.piece for link in links}) == 2


def test_transceivers_are_those_of_the_cages(plan):
    """1536 is 48 switches of 32 cages, six of which hold one fibre: a node of the first unit less.

    508 is 127 nodes of four cages, each with two rails; UFM has a cage for each port.
    """
    node = plan.nodes[0].server
    uses = {
        (line.model, use.where): use.count
        for line in lines(plan, "transceiver")
        for use in line.uses
    }
    assert uses == {
        ("mma4z00-ns", "compute qm9700"): 1536,
        ("mma4z00-ns-flt", f"compute {node}"): 508,
        ("mma4z00-ns400", "compute ufm-appliance-ndr"): 4,
    }
