"""What is true of every site that can be built."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from hypothesis import given

from clusterwright.design import design
from clusterwright.design.plan import Link, SitePlan
from clusterwright.render import render
from clusterwright.render.labels import label_rows
from tests.properties.definitions import CATALOGUE, buildable, examples, loaded, plan_of

properties = examples(25)
BETWEEN_SWITCHES = ("leaf-spine", "spine-core")


def twice(things: Iterable[object]) -> list[object]:
    return [thing for thing, count in Counter(things).items() if count > 1]


def addresses(plan: SitePlan) -> Iterator[object]:
    yield from (host.address for host in plan.hosts)
    yield from (node.controller.address for node in plan.nodes)
    yield from (pdu.controller.address for pdu in plan.pdus)
    yield from (loop.controller.address for loop in plan.loops)
    yield from (switch.address for switch in plan.switches)
    for store in plan.storage_servers:
        yield from (store.address, store.controller.address)


def names(plan: SitePlan) -> Iterator[str]:
    yield from (host.name for host in plan.hosts)
    yield from (node.controller.name for node in plan.nodes)
    yield from (pdu.name for pdu in plan.pdus)
    yield from (loop.cdu for loop in plan.loops)
    yield from (switch.name for switch in plan.switches)
    for store in plan.storage_servers:
        yield from (store.name, store.controller.name)
    yield from (panel.name for panel in plan.panels)


def watts_of(plan: SitePlan) -> dict[str, int]:
    models = {name: server.power_max_watts for name, server in CATALOGUE.servers.items()}
    models |= {name: switch.power_max_watts for name, switch in CATALOGUE.switches.items()}
    devices = [(host.name, host.server) for host in plan.hosts]
    devices += [(one.name, one.model) for one in (*plan.switches, *plan.storage_servers)]
    return {name: models[model] or 0 for name, model in devices}


@properties
@given(buildable())
def test_no_port_address_name_label_rack_unit_or_outlet_is_given_twice(definition):
    plan = plan_of(definition)
    assert twice(end for link in plan.links for end in (link.a, link.b)) == []
    assert twice(addresses(plan)) == []
    assert twice(names(plan)) == []
    assert twice(row[2] for row in label_rows(plan)) == []
    devices = (*plan.hosts, *plan.switches, *plan.storage_servers)
    units = (
        (d.mount.rack, d.mount.lowest_unit + n)
        for d in devices
        for n in range(d.mount.height_units)
    )
    assert twice(units) == []
    outlets = ((cord.pdu, cord.outlet) for device in devices for cord in device.power_supplies)
    assert twice(outlets) == []


@properties
@given(buildable())
def test_every_device_is_inside_its_rack_and_on_its_network(definition):
    plan = plan_of(definition)
    heights = {rack.name: rack.height_units for rack in plan.racks}
    for device in (*plan.hosts, *plan.switches, *plan.storage_servers):
        mount = device.mount
        assert 1 <= mount.lowest_unit <= heights[mount.rack] - mount.height_units + 1
    assert {host.address in plan.inband.prefix for host in plan.hosts} == {True}
    oob = [node.controller.address for node in plan.nodes]
    oob += [switch.address for switch in plan.switches]
    assert {address in plan.oob.prefix for address in oob} == {True}
    assert plan.inband.gateway not in {host.address for host in plan.hosts}


def fabrics(plan: SitePlan) -> dict[str, list[Link]]:
    found = defaultdict(list)
    for link in plan.links:
        found[link.fabric].append(link)
    return found


@properties
@given(buildable("rail-optimised"))
def test_in_rail_optimised_fabrics_a_rail_of_a_unit_is_on_one_leaf_of_each_plane(definition):
    plan = plan_of(definition)
    rails = {
        (node.name, port.cage): (node.unit, port.rail) for node in plan.nodes for port in node.ports
    }
    leaves = defaultdict(set)
    for link in plan.links:
        if link.tier == "node-leaf" and link.fabric.startswith("compute"):
            leaves[link.fabric, *rails[link.a.device, link.a.port]].add(link.b.device)
    assert [found for found in leaves.values() if len(found) > 1] == []


@properties
@given(buildable())
def test_links_between_two_tiers_spread_evenly(definition):
    """Over all pairs of leaf and spine; in three tiers each leaf over the spines of its group."""
    plan = plan_of(definition)
    for links in (links for name, links in fabrics(plan).items() if name.startswith("compute")):
        for tier in BETWEEN_SWITCHES:
            pairs = Counter((one.a.device, one.b.device) for one in links if one.tier == tier)
            assert len(set(pairs.values())) <= 1
            assert len(set(Counter(lower for lower, _ in pairs).values())) <= 1
        three = any(link.tier == "spine-core" for link in links)
        ends = [(one.a.device, one.b.device) for one in links if one.tier == "leaf-spine"]
        leaves, spines = {leaf for leaf, _ in ends}, {spine for _, spine in ends}
        if not three:
            assert len(set(ends)) == len(leaves) * len(spines)


@properties
@given(buildable())
def test_every_endpoint_of_a_fabric_reaches_every_other(definition):
    plan = plan_of(definition)
    switches = {switch.name for switch in plan.switches}
    for links in together(plan).values():
        beside = defaultdict(set)
        for link in links:
            if link.a.device in switches and link.b.device in switches:
                beside[link.a.device].add(link.b.device)
                beside[link.b.device].add(link.a.device)
        leaves = {link.b.device for link in links if link.a.device not in switches} & switches
        seen, todo = set(), [min(leaves)]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += beside[name]
        assert leaves <= seen


def together(plan: SitePlan) -> dict[str, list[Link]]:
    """Return the links of each fabric; switches out of band hang on those in band, if there are."""
    found = fabrics(plan)
    oob = found.pop("oob", [])
    if "inband" in found:
        found["inband"] += [link for link in oob if link.fabric == "oob"]
    return found


@properties
@given(buildable())
def test_no_switch_is_oversubscribed_beyond_what_was_asked(definition):
    plan = plan_of(definition)
    fabric = definition["fabrics"]["compute"]
    most = {"leaf": fabric["oversubscription"], "spine": fabric["spine_oversubscription"]}
    tiers = {switch.name: switch.tier for switch in plan.switches}
    below, above = Counter(), Counter()
    for link in (link for link in plan.links if link.fabric.startswith("compute")):
        peers = {tiers.get(link.a.device), tiers[link.b.device]} == {"leaf"}
        above[link.a.device] += link.speed_gbps
        (above if peers else below)[link.b.device] += link.speed_gbps
    for name, tier in tiers.items():
        if above[name]:
            assert below[name] <= most[tier] * above[name], name


@properties
@given(buildable())
def test_every_cable_is_sold_in_its_length_and_reaches(definition):
    plan = plan_of(definition)
    for link in plan.links:
        cable = CATALOGUE.cables[link.cable]
        assert link.length_m in cable.lengths_m
        assert cable.reach_max_m is None or link.length_m <= cable.reach_max_m
        # What is needed is more than the next shorter one on sale.
        shorter_m = max((m for m in cable.lengths_m if m < link.length_m), default=0)
        assert [reach_m for reach_m in reaches(link) if reach_m <= shorter_m] == []


def reaches(link: Link) -> list[float]:
    """Return how far the transceivers of a link reach over its cable, as far as is known."""
    end = CATALOGUE.cables[link.cable].b
    splits = end is not None and end.count > 1
    optics = [CATALOGUE.transceivers[one] for one in (link.optic_a, link.optic_b) if one]
    return [r for r in (o.splitter_reach_m if splits else o.reach_m for o in optics) if r]


@properties
@given(buildable())
def test_with_any_one_feed_gone_no_pdu_gives_more_than_it_may_and_all_are_fed(definition):
    plan = plan_of(definition)
    watts, feeds = watts_of(plan), {pdu.name: pdu.feed for pdu in plan.pdus}
    needed = {node.name: node.power_supplies_needed for node in plan.nodes}
    for lost in {*feeds.values(), ""}:
        load = Counter()
        for device in (*plan.hosts, *plan.switches, *plan.storage_servers):
            left = [cord for cord in device.power_supplies if feeds[cord.pdu] != lost]
            assert len(left) >= needed.get(device.name, min(1, len(device.power_supplies)))
            for cord in left:
                load[cord.pdu] += watts[device.name] / len(left)
        over = [p.name for p in plan.pdus if p.limit_va and load[p.name] > p.limit_va + 1]
        assert over == [], lost
        balances = [one for one in plan.feed_balances if one.lost == lost and one.limit_watts]
        assert [one for one in balances if one.watts > one.limit_watts] == []


@properties
@given(buildable())
def test_every_limit_is_kept(definition):
    """What the plan itself says of its limits, rack units, watts and coolant among them."""
    plan = plan_of(definition)
    assert [usage for usage in plan.usages if usage.share > 1] == []


@examples(4)
@given(buildable())
def test_equal_definitions_give_equal_bytes(definition):
    assert render(design(loaded(definition))) == render(plan_of(definition))
