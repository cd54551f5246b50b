"""The compute fabric as a site's plan shows it."""

from collections import Counter
from dataclasses import replace

import pytest

from clusterwright.design import design
from clusterwright.design.plan import LinkEnd, Outlet, SitePlan
from clusterwright.load import LoadedSite, load_site
from clusterwright.model.fabric import Attached
from clusterwright.model.power import RackPdus
from clusterwright.site_folder import find_site
from tests.fabrics import compute_only

NETWORK_RACKS = tuple(f"net{n}" for n in range(1, 9))
PDUS = RackPdus(model="rack-pdu-415v-60a", per_feed=2)
UNIT_RACKS = tuple(tuple(f"su{unit}r{n}" for n in range(1, 9)) for unit in (1, 2))


def site(*, units: int = 1, count: int = 32, build_for: int = 32, holes=(), **fabric) -> LoadedSite:
    """Return the site of one unit with room for two, and for many switches."""
    loaded = compute_only(load_site(find_site("h100-su")))
    first, facility = loaded.site.compute[0], loaded.site.facility
    names = (*UNIT_RACKS[0], *NETWORK_RACKS, *UNIT_RACKS[1])
    racks = facility.racks[0].model_copy(
        update={"names": names, "power_limit_kw": 100.0, "pdus": PDUS}
    )
    changes = {
        "facility": facility.model_copy(update={"racks": (racks,)}),
        "compute": tuple(
            first.model_copy(
                update={
                    "name": f"su{n + 1}",
                    "build_for": build_for,
                    "holes": holes,
                    "groups": (
                        first.groups[0].model_copy(update={"count": count, "racks": UNIT_RACKS[n]}),
                    ),
                }
            )
            for n in range(units)
        ),
        "fabrics": loaded.site.fabrics.model_copy(
            update={
                "compute": loaded.site.fabrics.compute.model_copy(
                    update={"racks": NETWORK_RACKS, **fabric}
                )
            }
        ),
    }
    return replace(loaded, site=loaded.site.model_copy(update=changes))


def with_switch(loaded: LoadedSite, **figures) -> LoadedSite:
    """Let the site's switch be another one."""
    switch = loaded.catalogue.switches["qm9700"].model_copy(update=figures)
    return replace(loaded, catalogue=replace(loaded.catalogue, switches={"qm9700": switch}))


def tiers(plan: SitePlan) -> Counter[str]:
    return Counter(link.tier for link in plan.links)


UFM = (Attached(host="head1", kind="ufm"), Attached(host="head2", kind="ufm"))


def test_ufm_takes_the_place_of_a_node_on_full_leaves():
    plan = design(site(count=31, attached=UFM))
    assert tiers(plan) == {"node-leaf": 248, "ufm-leaf": 4, "leaf-spine": 256}
    ends = [(link.a.device, link.a.port, link.b) for link in plan.links if link.tier == "ufm-leaf"]
    assert [(host, port, leaf.device, leaf.port) for host, port, leaf in ends] == [
        ("head1", "HCA1", "su1-leaf1", "16/2"),
        ("head1", "HCA2", "su1-leaf2", "16/2"),
        ("head2", "HCA1", "su1-leaf3", "16/2"),
        ("head2", "HCA2", "su1-leaf4", "16/2"),
    ]


def test_attaching_ufm_later_moves_no_cable():
    before, after = design(site(count=31)), design(site(count=31, attached=UFM))
    assert set(before.links) < set(after.links)
    assert before.switches == after.switches


def test_three_tiers_stand_in_racks_with_addresses_of_their_own():
    plan = design(with_switch(site(count=4, build_for=16, tiers=3), cages=16))
    assert Counter(switch.tier for switch in plan.switches) == {"leaf": 8, "spine": 8, "core": 4}
    assert tiers(plan) == {"node-leaf": 32, "leaf-spine": 128, "spine-core": 128}
    assert len({switch.address for switch in plan.switches}) == len(plan.switches)
    ends = Counter(end for link in plan.links for end in (link.a, link.b))
    assert max(ends.values()) == 1


def test_planes_are_fabrics_of_their_own():
    """In each, 32 nodes and a port of UFM below a leaf, so 33 links above it, to 3 spines."""
    loaded = with_switch(site(count=31, planes=2, breakout=2, attached=UFM))
    half = loaded.catalogue.cables["ndr-multimode"].model_copy(update={"speed_gbps": 200})
    loaded = replace(loaded, catalogue=replace(loaded.catalogue, cables={"ndr-multimode": half}))
    plan = design(loaded)
    assert Counter(switch.fabric for switch in plan.switches) == {
        "compute-p1": 11,
        "compute-p2": 11,
    }
    assert {switch.ports for switch in plan.switches} == {128}
    fabrics = {switch.name: switch.fabric for switch in plan.switches}
    joined = {
        (fabrics.get(link.a.device, link.fabric), fabrics[link.b.device]) for link in plan.links
    }
    assert joined == {("compute-p1", "compute-p1"), ("compute-p2", "compute-p2")}
    guests = [(link.a.device, link.a.port) for link in plan.links if link.tier == "ufm-leaf"]
    assert sorted(guests) == [(f"head{n}", f"HCA{k}") for n in (1, 2) for k in (1, 2, 3, 4)]
    assert [(port.cage, port.rail, port.speed_gbps) for port in plan.nodes[0].ports[:2]] == [
        ("OSFP4P2/1", 1, 200),
        ("OSFP4P2/2", 1, 200),
    ]


def test_the_same_generator_joins_ethernet():
    loaded = with_switch(site(kind="ethernet"), fabric_kind="ethernet")
    assert design(loaded).links == design(site()).links


@pytest.mark.parametrize("built", [3, 9], ids=["two tiers", "three tiers"])
def test_a_unit_that_was_built_for_moves_nothing_that_stands(built):
    one, two = (design(site(units=units, count=4, build_for_units=built)) for units in (1, 2))
    assert set(one.nodes) < set(two.nodes)
    assert set(one.switches) < set(two.switches)
    assert set(one.links) < set(two.links)


def outlets(plan: SitePlan) -> set[tuple[str, Outlet]]:
    return {(pdu.name, outlet) for pdu in plan.pdus for outlet in pdu.outlets}


def test_a_node_taken_out_leaves_a_hole():
    whole, holed = design(site()), design(site(holes=("su1-n2", "su1-n7")))
    assert [node.index for node in whole.nodes if node not in holed.nodes] == [2, 7]
    assert set(holed.nodes) < set(whole.nodes)
    assert set(holed.links) < set(whole.links)
    assert outlets(holed) < outlets(whole)
    assert (holed.switches, holed.management_hosts) == (whole.switches, whole.management_hosts)


def test_ufm_takes_the_ports_of_a_hole():
    holed = design(site(holes=("su1-n32",), attached=UFM))
    assert holed.links == design(site(count=31, attached=UFM)).links


def test_a_leaf_splits_its_ports_for_nodes_and_not_for_spines():
    """Spectrum-4: 64 × 400 Gb/s to two rails of 32 nodes, 32 × 800 Gb/s to the spines."""
    plan = design(
        site(
            kind="ethernet",
            switch="sn5600",
            breakout=2,
            uplink_breakout=1,
            uplink_cable="800g-singlemode",
            rails_per_leaf=2,
        )
    )
    assert Counter((switch.tier, switch.ports) for switch in plan.switches) == {
        ("leaf", 96): 4,
        ("spine", 64): 2,
    }
    assert Counter((link.tier, link.speed_gbps) for link in plan.links) == {
        ("node-leaf", 400): 256,
        ("leaf-spine", 800): 128,
    }
    leaf = [(end.port, tier) for tier, end in at_switch(plan, "su1-leaf1")]
    assert leaf[:3] == [("1/1", "node-leaf"), ("1/2", "node-leaf"), ("2/1", "node-leaf")]
    assert [port for port, tier in leaf if tier == "leaf-spine"] == [
        str(port) for port in range(33, 65)
    ]


def at_switch(plan: SitePlan, switch: str) -> list[tuple[str, LinkEnd]]:
    ends = [(link.tier, end) for link in plan.links for end in (link.a, link.b)]
    return [(tier, end) for tier, end in ends if end.device == switch]
