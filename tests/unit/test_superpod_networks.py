"""All networks of DGX SuperPODs, from a definition, against the bills that NVIDIA publishes.

Sources: ../shared/reference/hardware.md, sections 1.2 and 1.3.
"""

from collections import Counter

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from tests.superpods import MANAGEMENT, definition, loaded, networks_of


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> SitePlan:
    return design(loaded(definition(), tmp_path_factory.mktemp("superpod")))


def cables(plan: SitePlan, fabric: str) -> dict[str, int]:
    """Count pieces of cable by tier: one that is split is one."""
    pieces = {(link.tier, link.piece) for link in plan.links if link.fabric == fabric}
    return dict(Counter(tier for tier, _ in pieces))


def test_table_7_its_switches(plan):
    assert Counter((one.fabric, one.tier, one.model) for one in plan.switches) == {
        ("compute", "leaf", "qm9700"): 32,
        ("compute", "spine", "qm9700"): 16,
        ("storage", "leaf", "qm9700"): 12,
        ("storage", "spine", "qm9700"): 4,
        ("inband", "leaf", "sn4600c"): 6,
        ("inband", "core", "sn4600c"): 2,
        ("oob", "leaf", "sn2201"): 8,
    }
    assert (len(plan.nodes), len(plan.racks), len(plan.pdus)) == (127, 38, 108)


def test_table_8_compute_fabric(plan):
    """1016 + 1024 = 2040 fibres, and two split ones to UFM."""
    assert cables(plan, "compute") == {"node-leaf": 1016, "leaf-spine": 1024, "ufm-leaf": 2}


def test_table_8_storage_fabric(plan):
    """254 + 240 = 494 fibres, 48 cables of two legs to storage and 4 to management servers, UFM's
    two: 24 links up from each of the nodes' eight leaves (32 nodes, 4:3), 12 from each of the four
    of storage (24 ports that run at 200 Gb/s)."""
    counted = cables(plan, "storage")
    assert counted == {
        "node-leaf": 254,
        "leaf-spine": 240,
        "storage-leaf": 48,
        "management-leaf": 4,
        "ufm-leaf": 2,
    }
    up = Counter(
        link.a.device
        for link in plan.links
        if (link.fabric, link.tier) == ("storage", "leaf-spine")
    )
    assert Counter(up.values()) == {24: 8, 12: 4}


def test_table_8_in_band_network(plan):
    assert cables(plan, "inband") == {
        "node-leaf": 254,
        "host-leaf": 8,
        "storage-leaf": 8,
        "leaf-leaf": 6,
        "leaf-core": 24,
        "uplink": 4,
    }


def test_table_8_out_of_band_network(plan):
    assert cables(plan, "oob") == {
        "node-leaf": 127,
        "switch-leaf": 64 + 8,
        "host-leaf": 8,
        "host-host": 2,
        "pdu-leaf": 108,
        "uplink": 16,
    }


def test_table_8_transceivers(plan):
    """Of compute as in test_bill_reference_architectures. Of storage: cages of 254 fibres on eight
    leaves, of which two have an odd one, and of 240 between switches at both ends are 368; both
    fibres to UFM share one. Other cables bring their plugs."""
    counted = {
        use.where: use.count
        for line in plan.bill.lines
        if line.kind == "transceiver"
        for use in line.uses
    }
    assert {where: n for where, n in counted.items() if not where.startswith("inband")} == {
        "compute qm9700": 1536,
        "compute dgx-h100": 508,
        "compute ufm-appliance-ndr": 4,
        "storage qm9700": 369,
        "storage dgx-h100": 254,
        "storage ufm-appliance-ndr": 4,
    }


def test_a_splitting_fibre_has_no_straight_one_beside_it_where_there_is_room(plan):
    """There is in storage; in compute every leaf is full."""
    kinds: dict[tuple[str, str], set[str]] = {}
    for link in plan.links:
        if link.fabric == "storage" and link.optic_b:
            cage = (link.b.device, link.b.port.split("/")[0])
            kinds.setdefault(cage, set()).add(link.cable)
    assert {"ndr-multimode-splitter"} in kinds.values()
    assert {len(kind) for kind in kinds.values()} == {1}


def test_what_manages_the_storage_fabric_costs_no_uplinks(plan):
    down = Counter(
        link.b.device
        for link in plan.links
        if link.fabric == "storage" and link.tier in ("node-leaf", "storage-leaf")
    )
    speeds = {link.tier: link.speed_gbps for link in plan.links if link.fabric == "storage"}
    assert (speeds["storage-leaf"], speeds["leaf-spine"]) == (200, 400)
    assert set(down.values()) == {31, 32, 24}


def test_every_bond_ends_at_both_leaves_of_a_pair(plan):
    ends = {}
    for link in plan.links:
        if link.fabric == "inband" and link.tier in ("node-leaf", "host-leaf", "storage-leaf"):
            ends.setdefault(link.a.device, []).append(link.b)
    for one, other in ends.values():
        numbers = sorted(int(end.device.removeprefix("inband-leaf")) for end in (one, other))
        assert numbers[0] % 2 == 1
        assert numbers[1] == numbers[0] + 1
        assert one.port == other.port


def test_every_controller_is_on_a_switch_that_serves_its_rack(plan):
    at = {device.name: device.mount.rack for device in (*plan.nodes, *plan.management_hosts)}
    at |= {switch.name: switch.mount.rack for switch in plan.switches}
    at |= {pdu.name: pdu.rack for pdu in plan.pdus}
    serves = {}
    for link in plan.links:
        if link.fabric == "oob" and link.tier not in ("uplink", "host-host"):
            serves.setdefault(at[link.a.device], set()).add(link.b.device)
    assert set(serves) == {rack.name for rack in plan.racks}
    assert {len(switches) for switches in serves.values()} == {1}


def test_no_port_takes_two_cables_and_no_address_serves_two(plan):
    ends = Counter(end for link in plan.links for end in (link.a, link.b))
    assert [end for end, count in ends.items() if count > 1] == []
    oob = [
        *(node.controller.address for node in plan.nodes),
        *(host.bmc_address for host in plan.management_hosts),
        *(one.controller.address for one in plan.storage_servers),
        *(pdu.controller.address for pdu in plan.pdus),
        *(switch.address for switch in plan.switches),
    ]
    inband = [host.address for host in (*plan.hosts, *plan.storage_servers)]
    for addresses in (oob, inband):
        assert len(set(addresses)) == len(addresses)


def test_a_dgx_is_an_nvlink_domain_of_its_own(plan):
    assert [(one.nodes, one.gpus) for one in plan.nvlink_domains[:2]] == [
        (("su1-n1",), 8),
        (("su1-n2",), 8),
    ]
    assert len(plan.nvlink_domains) == 127


APPLIANCES = "appliances: {leaves: 4, cable: hdr-aoc-split-osfp}"
FAST = (
    "  - {name: fast, model: storage-nvme-2u, racks: [m5, m6], count: 24, ports: 4, oob_ports: 0}"
)
OF_UNIT = "  - {name: fast%d, model: storage-nvme-2u, racks: [m5], count: 2, ports: 4, unit: su%d}"
B200 = (
    ("server: dgx-h100", "server: dgx-b200"),
    (APPLIANCES, "appliances: {leaves: 0}"),
    *((line, "") for line in MANAGEMENT),
    (FAST, "\n".join(OF_UNIT % (n, n) for n in range(1, 5))),
    ("switch: sn4600c", "switch: sn5600\n    breakout: 4\n    cores: 2"),
    ("cable: hdr-aoc\n    uplink_cable: aoc-100g", "cable: auto\n    uplink_cable: auto"),
    ("cable: lc-singlemode-100g", "cable: auto"),
)


def test_dgx_b200_has_storage_on_the_leaves_of_nodes(tmp_path):
    """RA-11334-001: eight leaves and four spines of storage; two leaves and two cores in band.

    A leaf has 32 ports of nodes and four of storage: 27 links up would do; 28 go to four spines.
    """
    networks, problems = networks_of(loaded(definition(edits=B200), tmp_path))
    assert problems == []
    assert Counter(
        (one.fabric, one.tier) for one in networks.switches if one.fabric in ("storage", "inband")
    ) == {
        ("storage", "leaf"): 8,
        ("storage", "spine"): 4,
        ("inband", "leaf"): 2,
        ("inband", "core"): 2,
    }
