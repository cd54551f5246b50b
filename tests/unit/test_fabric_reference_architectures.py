"""Reference architectures, counted: the rules give them, no table is looked up.

Sources: ../shared/reference/hardware.md, sections 1.1 to 1.5; those of DGX B300 are named below.
"""

from collections import Counter

import pytest

from clusterwright.design.fabric.ask import Grouping
from tests.fabrics import ask_for, cables, sized

UFM_PORTS = 4
SUPERPOD_WITH_UFM = [
    # units, nodes, GPUs, leaves, spines, compute and UFM cables, spine–leaf cables
    (1, 31, 248, 8, 4, 252, 256),
    (2, 63, 504, 16, 8, 508, 512),
    (3, 95, 760, 24, 16, 764, 768),
    (4, 127, 1016, 32, 16, 1020, 1024),
]
SUPERPOD_LARGER = [
    # units, nodes, GPUs, leaves, spines, cores, node–leaf, leaf–spine, spine–core
    (2, 64, 512, 16, 8, 0, 512, 512, 0),
    (4, 128, 1024, 32, 16, 0, 1024, 1024, 0),
    (8, 256, 2048, 64, 32, 0, 2048, 2048, 0),
    (16, 512, 4096, 128, 128, 64, 4096, 4096, 4096),
    (32, 1024, 8192, 256, 256, 128, 8192, 8192, 8192),
    (64, 2048, 16384, 512, 512, 256, 16384, 16384, 16384),
]


@pytest.mark.parametrize("row", SUPERPOD_WITH_UFM, ids=lambda row: f"{row[0]} SU")
def test_superpods_with_ufm_are_those_of_table_4(row):
    """DGX SuperPOD H100 RA-11333-001 V11 and B200 RA-11334-001 V08, table 4 of both.

    The leaves of a unit of 32 are full, so UFM's four ports take the place of one node's eight.
    """
    ask = ask_for(row[0], guest_ports=UFM_PORTS)
    size = sized(ask)
    nodes = sum(unit.room for unit in size.units)
    tiers = Counter(tier for _, tier, _, _ in cables(ask))
    at_leaves = tiers["node-leaf"] + tiers["guest-leaf"]
    counted = (nodes, nodes * 8, size.leaves, size.spines, at_leaves, tiers["leaf-spine"])
    assert (row[0], *counted) == row
    assert size.cores == 0


@pytest.mark.parametrize("row", SUPERPOD_LARGER, ids=lambda row: f"{row[0]} SU")
def test_larger_superpods_are_those_of_the_tables(row):
    """H100: table 3. B200: larger systems; its row of 2 SU is the first here."""
    ask = ask_for(row[0])
    size = sized(ask)
    nodes = sum(unit.room for unit in size.units)
    tiers = Counter(tier for _, tier, _, _ in cables(ask))
    assert (
        row[0],
        nodes,
        tiers["node-leaf"],
        size.leaves,
        size.spines,
        size.cores,
        tiers["node-leaf"],
        tiers["leaf-spine"],
        tiers["spine-core"],
    ) == row


@pytest.mark.parametrize(
    ("units", "leaves", "spines", "cores"),
    [(1, 8, 4, 0), (2, 16, 10, 0), (4, 32, 20, 0), (7, 56, 80, 28)],
)
def test_dgx_a100_superpods_have_the_switches_that_are_known(units, leaves, spines, cores):
    """DGX A100 on QM8790. In three tiers a group is two rails of all units."""
    ask = ask_for(units, build_for=20, ports=40)
    size = sized(ask)
    assert (size.leaves, size.spines, size.cores) == (leaves, spines, cores)
    tiers = Counter(tier for _, tier, _, _ in cables(ask))
    links = units * 160
    assert tiers["node-leaf"] == tiers["leaf-spine"] == links
    assert tiers["spine-core"] == (links if cores else 0)


@pytest.mark.parametrize("units", [1, 2, 4, 8, 16])
def test_gb200_superpods_have_their_groups(units):
    """DGX GB200: a rack of 18 trays has a leaf per rail; eight racks' leaves of a rail are a group.

    Per unit of eight racks: 32 leaves, 24 spines, 9 cores, 576 links in each tier.
    """
    grouping = Grouping(units=8, leaves=1)
    ask = ask_for(8 * units, build_for=18, rails=4, tiers=3, grouping=grouping)
    size = sized(ask)
    assert (size.leaves, size.spines, size.cores) == (32 * units, 24 * units, 9 * units)
    assert set(Counter(tier for _, tier, _, _ in cables(ask)).values()) == {576 * units}


@pytest.mark.parametrize(
    ("units", "leaves", "spines"),
    [
        pytest.param(1, 8, 4, id="1 SU: 72 nodes"),
        pytest.param(16, 128, 72, id="16 SU: the divisor of 72 that is at least 64"),
    ],
)
def test_units_of_72_on_switches_of_144_ports_take_two_tiers(units, leaves, spines):
    """DGX B300 on Q3400: as many links up as down, spread by the divisor rule."""
    size = sized(ask_for(units, build_for=72, ports=144))
    assert (size.leaves, size.spines, size.cores) == (leaves, spines, 0)


B300_XDR = [
    # units, nodes, leaves, spines, node–leaf, leaf–spine
    (1, 72, 8, 4, 576, 576),
    (2, 144, 16, 8, 1152, 1152),
    (4, 288, 32, 18, 2304, 2304),
    (8, 576, 64, 36, 4608, 4608),
    (18, 1296, 144, 72, 10368, 10368),
]


@pytest.mark.parametrize("row", B300_XDR, ids=lambda row: f"{row[0]} SU")
def test_b300_superpods_on_xdr_are_those_of_table_3(row):
    """DGX SuperPOD B300 XDR, docs.nvidia.com, "Example Compute Fabric Components", table 3.

    It shows the divisor rule where it costs: 16 spines have ports enough for 4 SU, but 72 uplinks
    do not divide by them, and 18 are built. (Its row of 18 SU says 9,216 GPUs for 10,368 links.)
    """
    ask = ask_for(row[0], build_for=72, ports=144, cage_ports=2)
    size = sized(ask)
    tiers = Counter(tier for _, tier, _, _ in cables(ask))
    nodes = sum(unit.room for unit in size.units)
    at_leaves, above = tiers["node-leaf"], tiers["leaf-spine"]
    assert (row[0], nodes, size.leaves, size.spines, at_leaves, above) == row
    assert size.cores == 0


B300_ETHERNET = [
    # units, nodes, leaves, spines, node–leaf, leaf–spine
    (1, 64, 16, 8, 512, 512),
    (2, 128, 32, 16, 1024, 1024),
    (4, 256, 64, 32, 2048, 2048),
    (8, 512, 128, 64, 4096, 4096),
    (16, 1024, 256, 128, 8192, 8192),
]


@pytest.mark.parametrize("row", B300_ETHERNET, ids=lambda row: f"{row[0]} SU")
def test_b300_superpods_on_two_planes_of_spectrum_are_those_of_table_3(row):
    """DGX SuperPOD B300 on Spectrum-X, docs.nvidia.com, "Larger … component counts", table 3.

    Switches are those of both planes. A cable of the table is a cage of 800 Gb/s: a node's has a
    link in each plane, one between switches has two of the same plane.
    """
    ask = ask_for(row[0], build_for=64, ports=128, cage_ports=2, planes=2)
    size = sized(ask)
    tiers = Counter(tier for _, tier, _, _ in cables(ask))
    nodes = sum(unit.room for unit in size.units)
    at_leaves, above = tiers["node-leaf"] // 2, tiers["leaf-spine"] // 2
    assert (row[0], nodes, 2 * size.leaves, 2 * size.spines, at_leaves, above) == row
    assert size.cores == 0


def test_hgx_on_spectrum_has_a_fabric_in_each_of_three_planes():
    """SN5600 split into 128 ports of 400 Gb/s: 64 nodes to a unit, as many links up as down."""
    ask = ask_for(4, build_for=64, ports=128, cage_ports=2, planes=3)
    size = sized(ask)
    assert (size.leaves, size.spines, size.cores) == (32, 16, 0)
    planes = Counter((plane, tier) for plane, tier, _, _ in cables(ask))
    assert planes == {
        (plane, tier): 2048 for plane in (1, 2, 3) for tier in ("node-leaf", "leaf-spine")
    }
