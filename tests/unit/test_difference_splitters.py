"""A splitter is one cable: bought, pulled and moved once, whatever it joins."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from clusterwright.cli.difference import print_difference
from clusterwright.design import design
from clusterwright.design.difference import compare
from clusterwright.design.difference.cable import compare_cables
from clusterwright.design.difference.order import Devices, order_steps
from clusterwright.design.plan import Link, LinkEnd, SitePlan
from tests.superpods import definition, loaded

SERVERS = "racks: [m5, m6], count: 24"


@pytest.fixture(scope="module")
def with_servers(tmp_path_factory) -> Callable[[int], SitePlan]:
    """Return a site with so many storage servers of 24; a cable goes to two of them."""

    def plan(count: int) -> SitePlan:
        some = (SERVERS, f"racks: [m5, m6], build_for: 24, count: {count}")
        folder = tmp_path_factory.mktemp(f"servers{count}")
        return design(loaded(definition(1, edits=(some,)), folder))

    return plan


def test_two_servers_fewer_are_four_cables_fewer(with_servers):
    fewer = compare(with_servers(24), with_servers(22))
    assert len(fewer.unplug) == 4
    assert {len(piece.legs) for piece in fewer.unplug} == {2}
    assert {leg.a.device for piece in fewer.unplug for leg in piece.legs} == {"fast-23", "fast-24"}
    assert (fewer.pull, fewer.replug) == ((), ())
    bought = {one.model.split(",")[0]: one.becomes - one.was for one in fewer.bill}
    assert bought["hdr-aoc-split-osfp"] in (-4, -5), "four, and a spare of their length at most"


def test_a_leg_that_is_free_stays_with_its_cable(with_servers):
    """The cables of a server that goes serve another one, too: nothing is bought or taken out."""
    fewer = compare(with_servers(24), with_servers(23))
    assert (fewer.pull, fewer.unplug) == ((), ())
    assert [(len(one.was.legs), len(one.becomes.legs)) for one in fewer.replug] == [(2, 1)] * 4
    assert [one for one in fewer.bill if one.kind == "cable"] == []
    (step,) = [one for one in fewer.steps if one.action == "re-cable"]
    assert {link.a.device for link in step.unplug} == {"fast-24"}
    assert step.cut_off == ()


def test_people_read_both_legs_and_count_one_cable(with_servers, capsys):

    print_difference(compare(with_servers(24), with_servers(22)), Console(width=250))
    text = capsys.readouterr().out
    assert "Cables (4)" in text
    assert "fast-23 P1 + fast-24 P1" in text
    assert "unplug 4 cables" in text


def leg(host: str, port: str, switch: str = "leaf", piece: str = "leaf:1") -> Link:
    return Link(
        fabric="storage",
        tier="storage-leaf",
        a=LinkEnd(device=host, port="P1"),
        b=LinkEnd(device=switch, port=port),
        piece=piece,
        cable="splitter",
        speed_gbps=200,
        medium="optical-active",
        length_m=5,
        optic_a="",
        optic_b="",
    )


def test_a_splitter_that_goes_to_another_switch_is_moved_once_and_at_one_go():
    old = (leg("one", "1/1"), leg("two", "1/2"))
    new = tuple(replace(link, b=replace(link.b, device="other"), piece="other:1") for link in old)
    cables = compare_cables(old, new)
    assert (cables.pull, cables.remove) == ((), ())
    (move,) = cables.move
    assert (move.was.legs, move.becomes.legs) == (old, new)
    nobody = Devices(put_up=("other",), take_down=("leaf",), moved=frozenset(), behind={})
    steps = order_steps(old, new, nobody, 0.75)
    assert [(step.unplug, step.plug) for step in steps if step.unplug] == [(old, new)]


def test_a_cable_is_plugged_in_when_all_of_its_ports_are_free():
    """Its second leg goes where another cable is: both are changed in one step."""
    old = (leg("one", "1/1", piece="a"), leg("two", "1/2", piece="b"))
    new = (leg("one", "1/1", piece="leaf:1"), leg("two", "1/2", piece="leaf:1"))
    new = tuple(replace(link, cable="another") for link in new)
    nobody = Devices(put_up=(), take_down=(), moved=frozenset(), behind={})
    *_, last = order_steps(old, new, nobody, 0.75)
    assert last.plug == new


def test_two_devices_that_exchange_their_places_are_carried_in_one_step():
    old = (leg("one", "1", "x", "x:1"), leg("two", "1", "y", "y:1"))
    ring = {"x": frozenset({"x", "y"}), "y": frozenset({"x", "y"})}
    both = Devices(
        put_up=("x", "y"), take_down=("x", "y"), moved=frozenset({"x", "y"}), behind=ring
    )
    (step,) = order_steps(old, old, both, 0.75)
    assert (step.take_down, step.put_up) == (("x", "y"), ("x", "y"))
    assert set(step.plug) == set(old)


def test_of_devices_that_follow_each_other_the_one_with_a_free_place_is_first():
    old = tuple(leg(f"host{n}", "1", f"s{n}", f"s{n}:1") for n in range(1, 5))
    names = tuple(f"s{n}" for n in range(1, 5))
    behind = {f"s{n}": frozenset({f"s{n}", f"s{n + 1}"}) for n in range(1, 4)}
    behind |= {"s4": frozenset({"s4"})}
    line = Devices(put_up=names, take_down=names, moved=frozenset(names), behind=behind)
    steps = order_steps(old, old, line, 0.75)
    assert [step.take_down for step in steps] == [("s4",), ("s3",), ("s2",), ("s1",)]
    assert [step.put_up for step in steps] == [("s4",), ("s3",), ("s2",), ("s1",)]
