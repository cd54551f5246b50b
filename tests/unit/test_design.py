"""What a definition is designed into."""

from collections import Counter
from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.load import load_site
from clusterwright.render import render
from clusterwright.site_folder import SiteFolder, find_site

PLANS = {site: design(load_site(find_site(site))) for site in ("lab", "h100-su")}
by_site = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())


def test_a_full_unit_has_the_cables_of_the_superpod_table():
    compute = [link for link in PLANS["h100-su"].links if link.fabric == "compute"]
    tiers = Counter(link.tier for link in compute)
    assert tiers == {"node-leaf": 256, "leaf-spine": 256}


@by_site
def test_no_port_takes_two_cables(plan: SitePlan):
    ends = Counter(end for link in plan.links for end in (link.a, link.b))
    assert [end for end, count in ends.items() if count > 1] == []


@by_site
def test_every_leaf_has_as_many_links_to_every_spine(plan: SitePlan):
    pairs = Counter(
        (link.a.device, link.b.device)
        for link in plan.links
        if (link.fabric, link.tier) == ("compute", "leaf-spine")
    )
    assert len(set(pairs.values())) == 1
    assert len(pairs) == 8 * 4


@by_site
def test_rail_n_of_every_node_ends_at_leaf_n(plan: SitePlan):
    rails = {(node.name, port.cage): port.rail for node in plan.nodes for port in node.ports}
    leaves = {switch.name: switch.rail for switch in plan.switches}
    joined = [
        (rails[link.a.device, link.a.port], leaves[link.b.device])
        for link in plan.links
        if (link.fabric, link.tier) == ("compute", "node-leaf")
    ]
    assert len(joined) == 8 * len(plan.nodes)
    assert [pair for pair in joined if pair[0] != pair[1]] == []


@by_site
def test_no_address_is_given_twice(plan: SitePlan):
    addresses = [
        *(host.address for host in plan.hosts),
        *(node.controller.address for node in plan.nodes),
        *(pdu.controller.address for pdu in plan.pdus),
        *(loop.controller.address for loop in plan.loops),
        *(switch.address for switch in plan.switches),
    ]
    assert [address for address, count in Counter(addresses).items() if count > 1] == []


@by_site
def test_no_two_devices_share_a_rack_unit(plan: SitePlan):
    taken = Counter(
        (device.mount.rack, device.mount.lowest_unit + unit)
        for device in (*plan.hosts, *plan.switches, *plan.storage_servers)
        for unit in range(device.mount.height_units)
    )
    assert [place for place, count in taken.items() if count > 1] == []
    heights = {rack.name: rack.height_units for rack in plan.racks}
    assert [place for place in taken if not 1 <= place[1] <= heights[place[0]]] == []


@by_site
def test_every_node_keeps_the_supplies_it_needs_without_any_one_feed(plan: SitePlan):
    feeds = {pdu.name: pdu.feed for pdu in plan.pdus}
    for node in plan.nodes:
        for lost in set(feeds.values()):
            left = [cord for cord in node.power_supplies if feeds[cord.pdu] != lost]
            assert len(left) >= node.power_supplies_needed, (node.name, lost)


@by_site
def test_cords_seen_from_devices_and_from_pdus_agree(plan: SitePlan):
    from_devices = {
        (cord.pdu, cord.outlet, device.name, cord.name)
        for device in (*plan.hosts, *plan.switches, *plan.storage_servers)
        for cord in device.power_supplies
    }
    from_pdus = {
        (pdu.name, outlet.number, outlet.consumer, outlet.power_supply)
        for pdu in plan.pdus
        for outlet in pdu.outlets
    }
    assert from_devices == from_pdus


@by_site
def test_mig_instances_do_not_overlap(plan: SitePlan):
    for node in plan.nodes:
        slices = Counter(
            device.start + n for device in node.gpus.mig_devices for n in range(device.size)
        )
        assert max(slices.values(), default=1) == 1, node.name


def test_the_labs_pools_have_their_layouts():
    layouts = {node.pool: node.gpus.mig_devices for node in PLANS["lab"].nodes}
    assert layouts["training"] == ()
    assert [(d.profile, d.start) for d in layouts["inference"]] == [
        ("1g.10gb", start) for start in range(7)
    ]


def test_three_g_before_one_g_leaves_them_room(tmp_path: Path):
    text = find_site("lab").definition.read_text()
    definition = tmp_path / "site.yml"
    definition.write_text(text.replace("7x1g.10gb", "1x3g.40gb + 4x1g.10gb"))
    plan = design(load_site(SiteFolder(definition=definition)))
    places = [(d.profile, d.start, d.size) for d in plan.nodes[3].gpus.mig_devices]
    assert places == [("3g.40gb", 4, 4), *(("1g.10gb", start, 1) for start in range(4))]


@pytest.mark.parametrize("site", ["lab", "h100-su"])
def test_equal_definitions_give_equal_bytes(site):
    again = render(design(load_site(find_site(site))))
    assert again == render(PLANS[site])


def test_a_record_says_which_nodes_are_in_service(tmp_path: Path):
    definition = tmp_path / "site.yml"
    definition.write_text(find_site("lab").definition.read_text())
    (tmp_path / "record.yml").write_text("nodes: {su1-n2: {state: in-service}}\n")
    plan = design(load_site(SiteFolder(definition=definition)))
    assert [node.service_state.value for node in plan.nodes] == ["new", "in-service", "new", "new"]
