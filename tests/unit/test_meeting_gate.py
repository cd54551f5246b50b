"""Controllers that start are met as soon as a switch has seen them, and never in a wrong port."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from clusterwright.operate.rack.gates import contact, meeting, ports
from clusterwright.operate.rack.gates.ports import Ports
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.site import LiveRack

MET = cast("list[contact.Met]", [(n, SimpleNamespace(name=f"{n}-bmc")) for n in ("n1", "n2")])


def a_rack(*, controller_s: float) -> LiveRack:
    patience = Patience(controller_s=controller_s, poll_s=0.0)
    rack = SimpleNamespace(site=SimpleNamespace(patience=patience), note=lambda _: None)
    return cast("LiveRack", rack)


def see(monkeypatch: pytest.MonkeyPatch, *looks: Ports) -> list[list[str]]:
    """Let the switches see this, one look after the other; return who is told a password."""
    left, told = list(looks), list[list[str]]()

    async def look(_rack: LiveRack, _met: object) -> Ports:
        return left.pop(0) if len(left) > 1 else left[0]

    async def act(_rack: LiveRack, met: list[Any], *, starts: bool) -> tuple[()]:
        told.append([name for name, _ in met])
        return ()

    monkeypatch.setattr(ports, "look", look)
    monkeypatch.setattr(contact, "act", act)
    return told


@pytest.mark.asyncio
async def test_who_starts_is_waited_for_and_those_that_are_there_are_not_kept_waiting(monkeypatch):
    told = see(monkeypatch, Ports(unseen=frozenset({"n2"})), Ports())
    await meeting.act(a_rack(controller_s=60), MET, starts=True)
    assert told == [["n1"], ["n2"]]


@pytest.mark.asyncio
async def test_who_turns_up_in_a_wrong_port_is_told_nothing(monkeypatch):
    nobody, strange = frozenset({"n1", "n2"}), frozenset({"n2"})
    told = see(monkeypatch, Ports(unseen=nobody), Ports(misplugged=strange))
    await meeting.act(a_rack(controller_s=60), MET, starts=True)
    assert told == [[], ["n1"]]


@pytest.mark.asyncio
async def test_nobody_who_has_had_power_for_long_is_waited_for(monkeypatch):
    told = see(monkeypatch, Ports(unseen=frozenset({"n2"})))
    await meeting.act(a_rack(controller_s=60), MET, starts=False)
    assert told == [["n1"]]


@pytest.mark.asyncio
async def test_many_controllers_that_start_are_one_look_a_pause_and_pauses_grow(monkeypatch):
    many = [(f"n{number}", SimpleNamespace(name=f"n{number}-bmc")) for number in range(64)]
    unseen = Ports(unseen=frozenset(name for name, _ in many))
    looks = [unseen] * 5 + [Ports()]
    see(monkeypatch, *looks)
    paused: list[float] = []

    async def sleep(pause_s: float) -> None:
        paused.append(pause_s)

    monkeypatch.setattr(meeting.asyncio, "sleep", sleep)
    rack = a_rack(controller_s=60)
    rack.site.patience = Patience(controller_s=60, poll_s=1.0, poll_at_most_s=3.0)
    await meeting.act(rack, cast("list[contact.Met]", many), starts=True)
    assert paused == [1.0, 1.5, 2.25, 3.0, 3.0]
