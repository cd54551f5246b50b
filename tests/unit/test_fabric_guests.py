"""Hosts beside the nodes: which ports of leaves they take, and what that costs above."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterwright.design.fabric import compute_fabric
from clusterwright.design.fabric.ask import FabricAsk, GuestAsk
from clusterwright.design.fabric.guest_places import deal
from tests.fabrics import ask_for, compute_only, sized
from tests.superpods import definition, loaded

PORT, CAGE = GuestAsk(), GuestAsk(takes="cage")
PAIRED = GuestAsk(takes="paired", counts=False)

guests = st.lists(st.sampled_from([PORT, CAGE, PAIRED]), max_size=12).map(tuple)


def taken(ask: FabricAsk, dealt: tuple[GuestAsk, ...], leaves: int, spare: int) -> list[set]:
    """Return the ports that each takes: leaf, and how many lie behind it."""
    cage = ask.cage_ports * ask.split
    places = zip(dealt, deal(ask, dealt, leaves, spare).places, strict=True)
    return [
        {(leaf, depth - n) for n in range(cage if guest.takes == "cage" else 1)}
        for guest, (leaf, depth) in places
    ]


@settings(deadline=None, max_examples=100)
@given(guests, st.integers(1, 4), st.integers(0, 12), st.sampled_from([1, 2, 4]))
def test_no_two_guests_take_the_same_port(dealt, leaves, spare, cage_ports):
    ask = ask_for(1, cage_ports=cage_ports)
    ports = Counter(port for each in taken(ask, dealt, leaves, spare) for port in each)
    assert [port for port, count in ports.items() if count > 1] == []
    assert all(depth >= 0 for _, depth in ports)
    deepest = max((depth + 1 for _, depth in ports), default=0)
    assert deal(ask, dealt, leaves, spare).deepest >= deepest


@settings(deadline=None, max_examples=100)
@given(guests, st.integers(1, 4), st.sampled_from([2, 4]))
def test_a_cage_holds_guests_of_one_kind_where_there_is_room(dealt, leaves, cage_ports):
    ask = ask_for(1, cage_ports=cage_ports)
    kinds: dict[tuple[int, int], set[str]] = {}
    for guest, ports in zip(dealt, taken(ask, dealt, leaves, 1000), strict=True):
        for leaf, depth in ports:
            kinds.setdefault((leaf, depth // cage_ports), set()).add(guest.takes)
    assert [kind for kind in kinds.values() if len(kind) > 1] == []


@settings(deadline=None, max_examples=100)
@given(guests, guests, st.integers(1, 4))
def test_guests_that_come_later_move_none(dealt, more, leaves):
    ask = ask_for(1, cage_ports=2)
    before, after = deal(ask, dealt, leaves, 1000), deal(ask, (*dealt, *more), leaves, 1000)
    assert after.places[: len(before.places)] == before.places


def test_paired_guests_share_a_cage_and_plain_ones_are_dealt_in_turn():
    ask = ask_for(1, cage_ports=2)
    assert deal(ask, (PAIRED, PAIRED, PAIRED), 2, 8).places == ((0, 1), (0, 0), (1, 1))
    assert deal(ask, (PORT, PORT, PORT), 2, 8).places == ((0, 0), (1, 0), (0, 1))


def test_without_room_for_a_cage_paired_guests_are_dealt_like_others():
    ask = ask_for(1, cage_ports=2)
    assert deal(ask, (PAIRED, PAIRED), 2, 1).places == ((0, 0), (1, 0))


@pytest.mark.parametrize(
    ("counts", "uplinks"),
    [
        pytest.param(True, 18, id="those that move data"),
        pytest.param(False, 16, id="those that do not"),
    ],
)
def test_guests_need_ports_above_where_they_count(counts, uplinks):
    ask = ask_for(1, build_for=16, rails=2, guests=(GuestAsk(counts=counts),) * 4, tiers=2)
    assert sized(ask).units[0].counted == uplinks
    assert sized(ask).units[0].downlinks == 18


def test_nodes_of_half_the_speed_take_half_the_uplinks(tmp_path):
    """DGX A100 on QM9700: two ports to a cage run at 200 Gb/s, over a cable with two legs.

    Of 32 nodes and a port of UFM 17 links up would do; 18 go to three spines.
    """
    edits = (
        ("server: dgx-h100", "server: dgx-a100"),
        ("cable: ndr-multimode\n    racks", "cable: hdr-aoc-split-osfp\n    racks"),
        ("    racks: [m1, m2, m3, m4, m5, m6]\n    attached:\n      - {host: ufm1", UFM_APART),
    )
    text = definition(1, edits=edits)
    fabric = compute_fabric(compute_only(loaded(text, tmp_path)))
    assert (fabric.below_gbps, fabric.port_gbps) == (200, 400)
    assert (fabric.size.tree.uplinks, fabric.size.tree.spines) == (18, 3)


UFM_APART = (
    "    uplink_cable: ndr-multimode\n    racks: [m1, m2, m3, m4, m5, m6]\n    attached:\n"
    "      - {host: ufm1"
)
