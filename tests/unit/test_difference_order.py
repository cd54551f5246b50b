"""On the way from one fabric to another everybody reaches everybody; shown by doing every step."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clusterwright.design.difference.ground import Ground
from clusterwright.design.difference.order import Devices, order_steps
from clusterwright.design.difference.step import Step
from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.size import size_fabric
from clusterwright.design.plan import Link
from tests.fabrics import ask_for, cables

KEEP = 0.75


def links_of(ask: FabricAsk) -> tuple[Link, ...]:
    return tuple(
        Link(
            fabric=f"plane {plane}",
            tier=tier,
            a=a,
            b=b,
            piece=f"{plane} {a.device} {a.port}",
            cable="fibre",
            speed_gbps=400,
            medium="multimode-fibre",
            length_m=10,
            optic_a="",
            optic_b="",
        )
        for plane, tier, a, b in cables(ask)
    )


def names(links: Sequence[Link]) -> set[str]:
    return {end.device for link in links for end in (link.a, link.b)}


def hosts_of(links: Sequence[Link]) -> set[str]:
    return {link.a.device for link in links if link.tier in ("node-leaf", "guest-leaf")}


def devices_of(old: Sequence[Link], new: Sequence[Link]) -> Devices:
    return Devices(
        put_up=tuple(sorted(names(new) - names(old))),
        take_down=tuple(sorted(names(old) - names(new))),
        moved=frozenset(),
        behind={},
    )


def walk(old: Sequence[Link], steps: Sequence[Step]) -> Iterator[tuple[Step, set[Link], set[Link]]]:
    """Do every step on its own; yield it with its worst moment and with what is then plugged."""
    plugged = set(old)
    there = names(old)
    for step in steps:
        assert set(step.unplug) <= plugged, "only what is plugged in can be unplugged"
        plugged -= set(step.unplug)
        worst = set(plugged)
        assert not names(plugged) & set(step.take_down), "what is taken down has no cable"
        there = (there - set(step.take_down)) | set(step.put_up)
        plugged |= set(step.plug)
        assert names(plugged) <= there, "what is cabled is there"
        ends = Counter(end for link in plugged for end in (link.a, link.b))
        assert set(ends.values()) <= {1}, "a port takes one cable"
        yield step, worst, plugged


def reached(links: set[Link], fabric: str) -> dict[str, set[str]]:
    """Return, for every leaf with hosts, all switches that it reaches; hosts pass nothing on."""
    beside = defaultdict(set)
    leaves = set()
    for link in (link for link in links if link.fabric == fabric):
        if link.tier in ("leaf-leaf", "leaf-spine", "spine-core"):
            beside[link.a.device].add(link.b.device)
            beside[link.b.device].add(link.a.device)
        else:
            leaves.add(link.b.device)
    found = {}
    for leaf in leaves:
        seen, todo = {leaf}, [leaf]
        while todo:
            for name in beside[todo.pop()] - seen:
                seen.add(name)
                todo.append(name)
        found[leaf] = seen
    return found


def apart(links: set[Link], hosts: set[str]) -> set[str]:
    """Return hosts with a link to a leaf that does not reach every leaf of the others."""
    out = set()
    for fabric in {link.fabric for link in links}:
        reach = reached(links, fabric)
        of = [
            (link.a.device, link.b.device)
            for link in links
            if link.fabric == fabric and link.a.device in hosts
        ]
        leaves = {leaf for _, leaf in of}
        out |= {host for host, leaf in of if not leaves <= reach[leaf]}
    return out


def shares(old: Sequence[Link], new: Sequence[Link], now: set[Link]) -> list[float]:
    """Return what each switch that stays has of its links upwards, as a part of what it had."""
    before, after, left = (Counter(one.a.device for one in links) for links in (old, new, now))
    above = {link.b.device for link in (*old, *new)}
    return [
        left[name] / min(before[name], after[name])
        for name in before
        if after[name] and name in above
    ]


SMALL = {"build_for": 8, "rails": 4, "ports": 16}
GROWTH = [
    pytest.param(ask_for(4), ask_for(8), id="two links of each leaf and spine become one"),
    pytest.param(ask_for(2, **SMALL), ask_for(3, **SMALL), id="spines are added"),
    pytest.param(ask_for(4, **SMALL), ask_for(8, **SMALL), id="a third tier is added"),
    pytest.param(ask_for(8, **SMALL), ask_for(12, **SMALL), id="three tiers grow"),
    pytest.param(ask_for(2, planes=2, **SMALL), ask_for(4, planes=2, **SMALL), id="in two planes"),
    pytest.param(
        ask_for(4, shape="node-aligned", **SMALL),
        ask_for(8, shape="node-aligned", **SMALL),
        id="node-aligned",
    ),
    pytest.param(ask_for(4, **SMALL), ask_for(2, **SMALL), id="a site shrinks"),
]


@pytest.mark.parametrize(("before", "after"), GROWTH)
def test_growth_keeps_all_hosts_joined_and_three_quarters_of_the_links(before, after):
    old, new = links_of(before), links_of(after)
    hosts = hosts_of(old) & hosts_of(new)
    now = set(old)
    for step, worst, after_it in walk(old, order_steps(old, new, devices_of(old, new), KEEP)):
        assert step.cut_off == ()
        assert apart(worst, hosts) == set()
        assert min(shares(old, new, worst), default=1) >= KEEP
        now = after_it
    assert now == set(new)


def test_growth_within_what_is_built_for_unplugs_nothing():
    old, new = links_of(ask_for(4, build_for_units=8)), links_of(ask_for(8, build_for_units=8))
    steps = order_steps(old, new, devices_of(old, new), KEEP)
    assert [step.action for step in steps] == ["mount", "pull"]


def test_two_cables_that_wait_for_each_other_are_unplugged_together():
    old = links_of(ask_for(2, build_for=8, rails=4, ports=16))
    one, other = [link for link in old if link.tier == "leaf-spine"][:2]
    swap = {one: replace(one, b=other.b), other: replace(other, b=one.b)}
    new = tuple(swap.get(link, link) for link in old)
    (step,) = order_steps(old, new, devices_of(old, new), KEEP)
    assert set(step.unplug) == {one, other}
    assert set(step.plug) == set(swap.values())


def test_a_switch_with_one_link_upwards_cuts_off_its_hosts_and_says_so():
    old = tuple(
        link
        for link in links_of(ask_for(3, build_for=1, rails=1, ports=4))
        if link.tier != "guest-leaf"
    )
    moving = next(link for link in old if link.tier == "leaf-spine")
    port = replace(moving.b, port="9")
    new = tuple(replace(link, b=port) if link == moving else link for link in old)
    steps = order_steps(old, new, devices_of(old, new), KEEP)
    assert [step.share for step in steps] == [0]
    (host,) = {link.a.device for link in old if link.b.device == moving.a.device}
    assert host in steps[0].cut_off


def test_a_device_in_whose_place_another_goes_is_taken_down_first():
    old = links_of(ask_for(2, build_for=8, rails=4, ports=16))
    spine = next(link.b.device for link in old if link.tier == "leaf-spine")
    new = tuple(
        replace(link, b=replace(link.b, device="other")) if link.b.device == spine else link
        for link in old
    )
    devices = replace(devices_of(old, new), behind={"other": frozenset({spine})})
    steps = order_steps(old, new, devices, KEEP)
    *_, (_, _, plugged) = walk(old, steps)
    assert plugged == set(new)
    assert [step for step in steps if spine in step.take_down and "other" in step.put_up]


@st.composite
def asks(draw) -> FabricAsk:
    ask = ask_for(
        draw(st.integers(1, 6)),
        build_for=draw(st.integers(1, 6)),
        rails=draw(st.integers(1, 4)),
        ports=draw(st.sampled_from([8, 12, 16])),
        shape=draw(st.sampled_from(["rail-optimised", "node-aligned"])),
        planes=draw(st.integers(1, 2)),
    )
    size = size_fabric(ask)
    assume(size is not None and all(unit.room for unit in size.units))
    return ask


@settings(deadline=None, max_examples=60)
@given(asks(), asks(), st.sampled_from([0.5, 0.75, 0.9]))
def test_any_fabric_becomes_any_other_and_each_step_says_who_is_cut_off(before, after, keep):
    old, new = links_of(before), links_of(after)
    hosts = hosts_of(old) & hosts_of(new)
    now = set(old)
    for step, worst, after_it in walk(old, order_steps(old, new, devices_of(old, new), keep)):
        assert min(shares(old, new, worst), default=1) >= step.share - 1e-9
        out = apart(worst, hosts - set(step.cut_off))
        assert out == set(), (step.cut_off, out)
        now = after_it
    assert now == set(new)


@pytest.mark.parametrize("keep", [0.5, 0.75])
def test_a_leaf_that_is_carried_is_looked_at_nearby_however_large_the_fabric_is(keep, monkeypatch):
    looked_at = Counter()
    walk_on = Ground._walk

    def counting(ground, first):
        for port in walk_on(ground, first):
            looked_at[units] += 1
            yield port

    monkeypatch.setattr(Ground, "_walk", counting)
    monkeypatch.setattr(Ground, "survey", lambda ground: ground.stranded.clear())
    for units in (8, 32):
        links = links_of(ask_for(units, **SMALL, tiers=3))
        leaves = ("su1-leaf1", f"su{units}-leaf2")
        both = Devices(
            put_up=leaves,
            take_down=leaves,
            moved=frozenset(leaves),
            behind={leaf: frozenset(leaves) for leaf in leaves},
        )
        (step,) = order_steps(links, links, both, keep)
        assert step.take_down == leaves
    assert looked_at[32] <= 2 * looked_at[8]
