"""A device that many wait for is looked at once for all, one look at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import islice

import pytest

from clusterwright.errors import DeviceRefused
from clusterwright.operate.rack.patience import Patience
from clusterwright.operate.rack.shared import Shared


class Device:
    """Counts looks, and lets the test say when each of them ends."""

    def __init__(self) -> None:
        self.began, self.at_once, self.most = 0, 0, 0
        self.may_end = asyncio.Event()

    async def look(self) -> int:
        self.began += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        seen = self.began
        await self.may_end.wait()
        self.at_once -= 1
        return seen


async def turns() -> None:
    """Let everybody go on as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


def asking(
    shared: Shared[int], look: Callable[[], Awaitable[int]], count: int
) -> list[asyncio.Task[int]]:
    return [asyncio.create_task(shared.look("r1-oob", look)) for _ in range(count)]


@pytest.mark.asyncio
async def test_all_who_wait_share_the_look_that_begins_after_they_asked() -> None:
    device, shared = Device(), Shared[int]()
    early = asking(shared, device.look, 3)
    await turns()
    late = asking(shared, device.look, 16)
    await turns()
    assert device.began == 1
    device.may_end.set()
    assert await asyncio.gather(*early) == [1] * 3
    assert await asyncio.gather(*late) == [2] * 16, "what they see began after they asked"
    assert (device.began, device.most) == (2, 1)


@pytest.mark.asyncio
async def test_devices_do_not_wait_for_each_other() -> None:
    slow, quick, shared = Device(), Device(), Shared[int]()
    quick.may_end.set()
    waiting = asyncio.create_task(shared.look("r1-oob", slow.look))
    assert await shared.look("r2-oob", quick.look) == 1
    assert not waiting.done()
    slow.may_end.set()
    assert await waiting == 1


@pytest.mark.asyncio
async def test_one_who_is_stopped_takes_the_look_from_nobody() -> None:
    device, shared = Device(), Shared[int]()
    stopped, waiting = asking(shared, device.look, 2)
    await turns()
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    device.may_end.set()
    assert (stopped.cancelled(), await waiting) == (True, 1)


@pytest.mark.asyncio
async def test_everybody_hears_what_goes_wrong_and_the_next_look_is_a_new_one() -> None:
    async def refuse() -> int:
        raise DeviceRefused("r1-oob: no entry")

    device, shared = Device(), Shared[int]()
    device.may_end.set()
    heard = await asyncio.gather(*asking(shared, refuse, 3), return_exceptions=True)
    assert [str(one) for one in heard] == ["r1-oob: no entry"] * 3
    assert await shared.look("r1-oob", device.look) == 1


def test_pauses_grow_up_to_their_end() -> None:
    patience = Patience(poll_s=1.0, poll_at_most_s=4.0)
    assert list(islice(patience.ever_longer_s(), 6)) == [1.0, 1.5, 2.25, 3.375, 4.0, 4.0]
    assert list(islice(patience.evenly_s(), 3)) == [1.0] * 3
