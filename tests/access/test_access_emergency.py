"""In an emergency servers go down in their order, and none that does not keeps others up."""

import asyncio
from pathlib import Path

import pytest

from clusterwright.access.emergency import power_off
from tests.access.facility_rig import Rig, rig
from tests.faults.operator import broken, client

FIRST, SECOND, THIRD = "su1-n1", "su1-n2", "su1-n3"


def group(lab: Rig, *names: str):
    return {name: lambda name=name: client(lab, name) for name in names}


@pytest.mark.asyncio
async def test_groups_go_down_one_after_the_other_and_gently(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        for node in (FIRST, SECOND, THIRD):
            await lab.power_on(node)
        done = await power_off([group(lab, THIRD), group(lab, FIRST, SECOND)], deadline_s=10.0)
        assert (done.off, done.failed) == ((FIRST, SECOND, THIRD), {})
        assert lab.hosts.stops[0] == (THIRD, True)
        assert {name for name, _ in lab.hosts.stops} == {FIRST, SECOND, THIRD}
        assert not lab.hosts.up


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        pytest.param("reset-ignored", "is still on after 6 s; cut its outlets", id="deaf"),
        pytest.param("bmc-unreachable", "cannot be reached", id="unreachable"),
    ],
)
async def test_one_that_stays_on_is_named_and_keeps_nobody_up(
    tmp_path: Path, fault: str, sentence: str
) -> None:
    async with rig(tmp_path) as lab:
        for node in (FIRST, SECOND):
            await lab.power_on(node)
        async with broken(lab, fault, FIRST):
            done = await power_off(
                [group(lab, FIRST), group(lab, SECOND)], grace_s=0.3, deadline_s=6.0
            )
        assert done.off == (SECOND,)
        assert list(done.failed) == [FIRST]
        assert sentence in done.failed[FIRST]


@pytest.mark.asyncio
async def test_an_operating_system_that_does_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(FIRST)
        stop = lab.hosts.stop

        async def stubborn(name: str, *, graceful: bool) -> None:
            if graceful:
                await asyncio.Event().wait()
            await stop(name, graceful=graceful)

        monkeypatch.setattr(lab.hosts, "stop", stubborn)
        done = await power_off([group(lab, FIRST)], grace_s=0.3, deadline_s=10.0)
        assert done.off == (FIRST,)
        assert lab.hosts.stops == [(FIRST, False)]


@pytest.mark.asyncio
async def test_what_is_off_is_left_alone(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert (await power_off([group(lab, FIRST)])).off == (FIRST,)
        assert lab.hosts.stops == []
