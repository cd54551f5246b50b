"""Designs that others published, counted by the rules: switches of any maker, in plain numbers.

What each source says is in the test; ports that it does not name are said to be assumed.
"""

from collections import Counter
from fractions import Fraction

import pytest

from clusterwright.design.fabric.ask import Above, FabricAsk, Grouping
from clusterwright.design.fabric.size import size_fabric
from tests.fabrics import ask_for, cables, sized

TH5 = {"ports": 128, "cage_ports": 2}
"""64 ports of 800 Gb/s, each split into two of 400."""
CHASSIS = Above(ports=576)
"""A modular spine; how many ports of 400 Gb/s it has is assumed."""

COUNTED = {
    "Imbue, 511 nodes of 8 H100, because UFM has the place of one": (
        # magicalbits.net/?p=230748, which quotes Imbue; the switches are those of 16 SU.
        ask_for(16, guest_ports=4),
        (511, 128, 128, 64),
    ),
    "apetops, 512 nodes of 8 H100 in three tiers": (
        # apetops-us.com/help/ai-256-explanation-of-512-h100-clustering-solution
        ask_for(16),
        (512, 128, 128, 64),
    ),
    "Kedios, 32 nodes of 8 B300 built for the unit of 72 on Q3400": (
        # neocloud.kedios.io, B300 Farm and Network Tower Architecture
        ask_for(1, build_for=72, ports=144, cage_ports=2),
        (72, 8, 4, 0),
    ),
    "Asterfusion, 64 nodes of 4 GPUs on CX864E-N": (
        # cloudswit.ch/?p=23330, section 2; that adapters run at 400 Gb/s is assumed
        ask_for(1, build_for=64, rails=4, ports=64, split=2),
        (64, 4, 2, 0),
    ),
    "losslessnetwork, 1,024 GPUs at 2:1": (
        # losslessnetwork.com/learn/ai-fabric-architecture/cluster-sizing-and-cabling
        ask_for(4, oversubscription=Fraction(2)),
        (128, 32, 8, 0),
    ),
    "losslessnetwork, a pod of 256 GPUs": (
        # losslessnetwork.com/learn/cluster-build-guide/sizing-and-bill-of-materials
        ask_for(1),
        (32, 8, 4, 0),
    ),
    "Juniper, up to 8,192 GPUs on QFX5240: 16 stripes, 64 spines": (
        # JVD "AI Data Center Network with Juniper Apstra, NVIDIA GPUs, and WEKA Storage", table 18,
        # medium. Its 1,024 leaves are eight times the 16 × 8 that its text on stripes gives.
        ask_for(16, build_for=64, **TH5),
        (1024, 128, 64, 0),
    ),
    "Juniper, up to 32,768 GPUs under chassis: 64 stripes, 64 spines": (
        # The same table, large; its 4,096 leaves are eight times 64 × 8.
        ask_for(64, build_for=64, above=CHASSIS, **TH5),
        (4096, 512, 64, 0),
    ),
    "Juniper, two stripes of four servers under four spines": (
        # JVD "AI Data Center QPP and BGP DPF", IP Fabric GPU Backend Fabric Architecture
        ask_for(2, build_for=4, above=Above(ports=128, least_spines=4), **TH5),
        (8, 16, 4, 0),
    ),
    "Oracle, 131,072 GPUs in three tiers; 128 ports are assumed": (
        # blogs.oracle.com/cloud-infrastructure/?p=9512
        ask_for(256, build_for=64, **TH5),
        (16384, 2048, 2048, 1024),
    ),
}


@pytest.mark.parametrize(("ask", "counts"), COUNTED.values(), ids=COUNTED.keys())
def test_published_designs_have_the_switches_that_they_name(ask, counts):
    size = sized(ask)
    nodes = sum(unit.room for unit in size.units)
    assert (nodes, size.leaves, size.spines, size.cores) == counts


@pytest.mark.parametrize(
    ("model", "ports", "servers"),
    [("QFX5220-32CD", 32, 16), ("QFX5230-64CD", 64, 32), ("QFX5240-64OD", 128, 64)],
)
def test_a_stripe_has_as_many_servers_as_table_5_says(model, ports, servers):
    """JVD-AICLUSTERDC-EVPNType5-01-04, "Max GPUs per stripe": half the ports of 400 GbE."""
    assert sized(ask_for(1, build_for=servers, ports=ports)).units[0].room == servers
    assert size_fabric(ask_for(1, build_for=servers + 1, ports=ports)).units[0].room == servers


@pytest.mark.parametrize(
    ("servers", "ratio"),
    [(2, Fraction(1, 2)), (4, Fraction(1))],
    ids=["4 servers, overprovisioned", "8 servers, balanced"],
)
def test_leaves_can_have_more_above_than_below(servers, ratio):
    """The fabric of two stripes and four spines, table 1: four uplinks of 400 Gb/s to a leaf."""
    ask = ask_for(2, build_for=servers, oversubscription=ratio, **TH5)
    assert sized(ask).tree.uplinks == 4


def test_megascale_has_64_servers_on_a_set_of_leaves():
    """ByteDance, MegaScale (as quoted at the7.net/news/show-370272.html): Tomahawk 4.

    32 ports down, each split into two of 200 Gb/s, 32 up; eight leaves; three tiers, more than
    10,000 GPUs, as much up as down in each.
    """
    ask = ask_for(20, build_for=64, ports=64, split=2)
    size = sized(ask)
    assert {unit.room for unit in size.units} == {64}
    assert (size.units[0].leaves, size.tree.uplinks, size.tree.tiers) == (8, 32, 3)
    tiers = Counter(tier for _, tier, _, _ in cables(ask))
    assert tiers["node-leaf"] == 20 * 64 * 8 == 10240
    assert tiers["leaf-spine"] == tiers["spine-core"] == 10240 // 2


def test_hpn_has_two_planes_of_eight_segments():
    """Alibaba HPN 7.0 (as told at article.woter.ai, "Wanka cluster networking practice").

    A segment has 128 servers of 16 ports of 200 Gb/s on 16 leaves, each with 64 uplinks of 400; a
    pod of eight segments has 1,024 servers.
    """
    ask = ask_for(8, build_for=128, ports=128, split=2, planes=2)
    size = sized(ask)
    assert 2 * size.units[0].leaves == 16
    assert (sum(unit.room for unit in size.units), size.tree.uplinks) == (1024, 64)
    assert Counter(plane for plane, tier, _, _ in cables(ask) if tier == "node-leaf") == {
        1: 8192,
        2: 8192,
    }


def meta() -> FabricAsk:
    """Return Meta's RoCE cluster of 24,576 GPUs, as glennklockwood.com tells it.

    Eight pods of 384 nodes, two to a rack with a leaf of its own, which has twice as much above as
    below; spines are modular, and what is above them is oversubscribed 7:1. That a leaf has 64
    ports of 400 Gb/s is assumed.
    """
    return ask_for(
        8,
        build_for=384,
        shape="node-aligned",
        nodes_per_leaf=2,
        oversubscription=Fraction(1, 2),
        above=Above(ports=576, oversubscription=Fraction(7)),
        tiers=3,
        grouping=Grouping(units=1, leaves=192),
    )


def test_meta_has_a_leaf_in_every_rack_under_oversubscribed_spines():
    size = sized(meta())
    assert {unit.leaves for unit in size.units} == {192}
    assert (size.leaves, size.tree.groups) == (1536, 8)
    assert size.tree.uplinks == 2 * 16
    below = 192 * size.tree.links_per_spine
    assert size.tree.spine_uplinks * 7 >= below > size.tree.spine_uplinks * 6
