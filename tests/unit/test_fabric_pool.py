"""Leaves that storage servers have for themselves, over drawn fabrics of two and three tiers."""

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clusterwright.design.fabric.ask import FabricAsk, PoolAsk
from clusterwright.design.fabric.size import size_fabric
from clusterwright.design.fabric.switches import list_places
from clusterwright.design.fabric.wiring import wire
from tests.fabrics import Cable, ask_for, between, cables, sized


@st.composite
def asks(draw) -> FabricAsk:
    split = draw(st.sampled_from([1, 2]))
    ask = ask_for(
        draw(st.integers(1, 12)),
        build_for=draw(st.integers(1, 8)),
        rails=draw(st.integers(1, 2)),
        ports=draw(st.sampled_from([8, 16, 32])),
        name="storage",
        cage_ports=draw(st.sampled_from([1, 2])),
        tiers=draw(st.sampled_from(["auto", 2, 3])),
        build_for_units=draw(st.sampled_from([0, 6])),
        pool=PoolAsk(
            ports=draw(st.integers(1, 60)),
            split=split,
            leaves=draw(st.sampled_from([None, 2, 4, 6])),
        ),
    )
    size = size_fabric(ask)
    assume(size is not None and all(unit.room for unit in size.units))
    return ask


def pool_cables(ask: FabricAsk) -> list[Cable]:
    wiring = wire(ask, sized(ask))
    ports = range(ask.pool.ports if ask.pool else 0)
    return [(1, "storage-leaf", port, wiring.pool_end(port)) for port in ports]


@settings(deadline=None, max_examples=200)
@given(asks())
def test_no_port_takes_two_cables(ask):
    size = sized(ask)
    wiring = wire(ask, size)
    ends = Counter(end for _, _, *pair in cables(ask) for end in pair)
    ends.update(wiring.pool_end(port) for port in range(ask.pool.ports))
    assert [end for end, count in ends.items() if count > 1] == []
    places = {place.name for place in list_places(ask, size) if place}
    assert {a.device for _, _, a, _ in between(wiring, 1)} <= places
    assert {wiring.pool_end(port).device for port in range(ask.pool.ports)} <= places


@settings(deadline=None, max_examples=200)
@given(asks())
def test_storage_is_never_oversubscribed_and_spread_evenly(ask):
    wiring = wire(ask, sized(ask))
    down = Counter(wiring.pool_end(port).device for port in range(ask.pool.ports))
    links = [pair for _, tier, *pair in between(wiring, 1) if tier == "leaf-spine"]
    up = Counter(leaf.device for leaf, _ in links)
    for leaf, count in down.items():
        assert count <= ask.pool.split * up[leaf]
    pairs = Counter((leaf.device, spine.device) for leaf, spine in links)
    for leaf in down:
        assert len({count for (one, _), count in pairs.items() if one == leaf}) == 1


@settings(deadline=None, max_examples=200)
@given(asks())
def test_no_port_of_a_switch_is_used_both_whole_and_split(ask):
    """A cage is split as a whole, so none has links to storage and to spines."""
    wiring = wire(ask, sized(ask))
    split = {(end.device, cage(end.port)) for end in map(wiring.pool_end, range(ask.pool.ports))}
    above = {(a.device, cage(a.port)) for _, _, a, _ in between(wiring, 1)}
    assume(ask.pool.split > 1)
    assert split & above == set()


def cage(port: str) -> str:
    return port.partition("/")[0]


@pytest.mark.parametrize(
    ("leaves", "uplinks", "spines"),
    [
        pytest.param(4, 12, 4, id="four leaves, as in DGX SuperPOD H100"),
        pytest.param(None, 24, 4, id="as few as do"),
    ],
)
def test_the_uplinks_of_both_kinds_of_leaves_divide_over_the_spines(leaves, uplinks, spines):
    ask = ask_for(
        4,
        build_for=32,
        rails=2,
        name="storage",
        cage_ports=2,
        oversubscription=4 / 3,
        pool=PoolAsk(ports=96, split=2, leaves=leaves),
    )
    tree = sized(ask).tree
    assert (tree.uplinks, tree.pool_uplinks, tree.spines) == (24, uplinks, spines)
