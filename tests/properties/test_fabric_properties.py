"""What is true of every fabric that has a size."""

from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clusterwright.design.fabric.ask import Above, FabricAsk, GuestAsk, UnitAsk
from clusterwright.design.fabric.size import size_fabric
from clusterwright.design.fabric.switches import list_places
from tests.fabrics import cables, sized

RATIOS = [Fraction(1), Fraction(3, 2), Fraction(5, 3), Fraction(2), Fraction(3), Fraction(7)]


OTHER_SPINES = st.builds(
    Above,
    ports=st.sampled_from([12, 32, 64, 144]),
    cage_ports=st.integers(1, 2),
    oversubscription=st.sampled_from([*RATIOS, Fraction(1, 2), Fraction(15)]),
    least_spines=st.integers(1, 5),
)


@st.composite
def asks(draw, **fixed) -> FabricAsk:
    """Draw a fabric whose first unit is the largest, as later ones must be to grow in place."""
    build_for, rails = draw(st.integers(1, 20)), draw(st.integers(1, 8))
    reserved = draw(st.integers(0, 2))
    units = [UnitAsk(name="su1", build_for=build_for, rails=rails, guests=(GuestAsk(),) * reserved)]
    for n in range(2, draw(st.integers(1, 9)) + 1):
        smaller = UnitAsk(
            name=f"su{n}",
            build_for=draw(st.integers(1, build_for)),
            rails=draw(st.integers(1, rails)),
            guests=(GuestAsk(),) * draw(st.integers(0, reserved)),
        )
        units.append(smaller)
    ask = FabricAsk(
        ports=draw(st.sampled_from([8, 12, 16, 36, 40, 64])),
        above=draw(st.none() | OTHER_SPINES),
        units=tuple(units),
        build_for_units=draw(st.sampled_from([0, len(units), len(units) + 3])),
        oversubscription=draw(st.sampled_from([*RATIOS, Fraction(1, 2)])),
        shape=draw(st.sampled_from(["rail-optimised", "node-aligned"])),
        rails_per_leaf=draw(st.integers(1, 2)),
        nodes_per_leaf=draw(st.sampled_from([None, None, 1, 2])),
        reserved_leaf_ports=reserved,
        tiers=draw(st.sampled_from(["auto", 2, 3])),
        planes=draw(st.integers(1, 2)),
        split=draw(st.sampled_from([1, 2, 4])),
        cage_ports=draw(st.integers(1, 2)),
    )
    ask = replace(ask, **fixed)
    size = size_fabric(ask)
    assume(size is not None and all(unit.room for unit in size.units))
    return ask


properties = settings(deadline=None, max_examples=150)


def by_tier(ask: FabricAsk):
    tiers = defaultdict(list)
    for plane, tier, a, b in cables(ask):
        tiers[tier].append((plane, a, b))
    return tiers


@properties
@given(asks())
def test_no_port_takes_two_cables(ask):
    ends = Counter(end for _, _, *pair in cables(ask) for end in pair)
    assert [end for end, count in ends.items() if count > 1] == []


@properties
@given(asks())
def test_every_switch_in_a_cable_is_a_switch_of_the_fabric(ask):
    places = [place.name for place in list_places(ask, sized(ask)) if place]
    assert len(set(places)) == len(places)
    ends = {end.device for _, _, *pair in cables(ask) for end in pair}
    hosts = {
        a.device for _, tier, a, _ in cables(ask) if tier.endswith(("node-leaf", "guest-leaf"))
    }
    assert ends - hosts <= set(places)


@properties
@given(asks(shape="rail-optimised"))
def test_a_rail_of_a_unit_is_on_one_leaf_of_each_plane(ask):
    leaves = defaultdict(set)
    for plane, node, leaf in by_tier(ask)["node-leaf"]:
        unit = node.device.rsplit("-", 1)[0]
        leaves[plane, unit, node.port].add(leaf.device)
    assert {len(found) for found in leaves.values()} == {1}


@properties
@given(asks(shape="node-aligned"))
def test_a_node_is_on_one_leaf_of_each_plane(ask):
    leaves = defaultdict(set)
    for plane, node, leaf in by_tier(ask)["node-leaf"]:
        leaves[plane, node.device].add(leaf.device)
    assert {len(found) for found in leaves.values()} == {1}


@properties
@given(asks())
def test_links_spread_evenly_over_what_stands_above(ask):
    """Over all spines in two tiers; over those of a group, and of a core group, in three."""
    size = sized(ask)
    for tier, above in (("leaf-spine", size.tree.spines), ("spine-core", size.tree.cores)):
        pairs = Counter((a.device, b.device) for _, a, b in by_tier(ask)[tier])
        reached = Counter(lower for lower, _ in pairs)
        assert len(set(pairs.values())) <= 1
        assert set(reached.values()) <= {above}


@properties
@given(asks())
def test_every_endpoint_of_a_plane_reaches_every_other(ask):
    for plane in range(1, ask.planes + 1):
        joined: dict[str, str] = {}

        def root(name, joined=joined):
            while name in joined:
                name = joined[name]
            return name

        devices = set()
        for _, _, a, b in (cable for cable in cables(ask) if cable[0] == plane):
            devices |= {a.device, b.device}
            if root(a.device) != root(b.device):
                joined[root(a.device)] = root(b.device)
        assert len({root(device) for device in devices}) <= 1


@properties
@given(asks())
def test_no_switch_is_oversubscribed_beyond_what_was_asked(ask):
    tiers = by_tier(ask)
    down = Counter(leaf for tier in ("node-leaf", "guest-leaf") for _, _, leaf in tiers[tier])
    downlinks = Counter(end.device for end in down)
    uplinks = Counter(leaf.device for _, leaf, _ in tiers["leaf-spine"])
    uplinks += Counter(end.device for _, *pair in tiers["leaf-leaf"] for end in pair)
    ratios = [Fraction(downlinks[leaf], ask.split * uplinks[leaf]) for leaf in uplinks]
    assert max(ratios, default=0) <= ask.oversubscription
    below = Counter(spine.device for _, _, spine in tiers["leaf-spine"])
    above = Counter(spine.device for _, spine, _ in tiers["spine-core"])
    most = ask.spine.oversubscription
    assert [spine for spine in above if below[spine] > most * above[spine]] == []


@properties
@given(asks())
def test_no_switch_has_more_cables_than_ports(ask):
    ends = Counter(end.device for _, _, *pair in cables(ask) for end in pair)
    switches = [place for place in list_places(ask, sized(ask)) if place]
    most = {"leaf": ask.ports * ask.split, "spine": ask.spine.ports, "core": ask.spine.ports}
    assert [one.name for one in switches if ends[one.name] > most[one.tier]] == []


@properties
@given(asks())
def test_a_group_has_the_spines_that_are_asked_for(ask):
    assert sized(ask).tree.spines >= ask.spine.least_spines or sized(ask).tree.tiers == 1


@properties
@given(asks(shape="node-aligned", nodes_per_leaf=2))
def test_no_more_nodes_share_a_leaf_than_may(ask):
    nodes = defaultdict(set)
    for _, node, leaf in by_tier(ask)["node-leaf"]:
        nodes[leaf.device].add(node.device)
    assert max(len(found) for found in nodes.values()) <= 2


@properties
@given(asks(split=2, cage_ports=2))
def test_no_cage_is_split_for_nodes_and_whole_for_spines(ask):
    tiers = by_tier(ask)
    split = {(leaf.device, leaf.port.split("/")[0]) for _, _, leaf in tiers["node-leaf"]}
    split |= {(leaf.device, leaf.port.split("/")[0]) for _, _, leaf in tiers["guest-leaf"]}
    whole = {(leaf.device, leaf.port.split("/")[0]) for _, leaf, _ in tiers["leaf-spine"]}
    assert split & whole == set()


@properties
@given(asks())
def test_equal_asks_give_equal_cables(ask):
    assert list(cables(ask)) == list(cables(replace(ask)))


@properties
@given(asks(), st.data())
def test_nodes_added_to_a_unit_change_nothing_that_stands(ask, data):
    size = sized(ask)
    nodes = {
        unit: data.draw(st.sets(st.integers(1, layout.room)))
        for unit, layout in enumerate(size.units)
    }
    assert set(cables(ask, nodes)) <= set(cables(ask))


@properties
@given(asks())
def test_units_and_guests_within_what_is_built_for_change_nothing_that_stands(ask):
    """The spines are built for all units, so that the first may stand alone at first."""
    whole = replace(ask, build_for_units=max(ask.build_for_units, len(ask.units)))
    first = replace(ask.units[0], guests=())
    alone = replace(whole, units=(first,))
    assume(size_fabric(whole) is not None)
    assert set(cables(alone)) <= set(cables(whole))
    places = zip(list_places(alone, sized(alone)), list_places(whole, sized(whole)), strict=True)
    assert [pair for pair in places if pair[0] and pair[0] != pair[1]] == []
