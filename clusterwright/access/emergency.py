"""Everything goes down, in an order: water on the floor does not wait for a maintenance window.

This is the one way to take power away that no guard holds back. Whoever calls it has decided.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from clusterwright.access.guard import Difference
from clusterwright.access.power_change import SHUTDOWN
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import watch
from clusterwright.access.system import find_system, reset
from clusterwright.errors import DeviceError

Open = Callable[[], AbstractAsyncContextManager[Redfish]]
Group = Mapping[str, Open]
"""Servers by name, with how to reach their BMCs."""

AT_ONCE = 64
_GENTLE, _FORCED = SHUTDOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PoweredOff:
    """What has come of it; `failed` holds a sentence for every server that may still be on."""

    off: tuple[str, ...]
    failed: Mapping[str, str]


async def power_off(
    groups: Sequence[Group],
    *,
    grace_s: float = 30.0,
    deadline_s: float = 60.0,
    said: Callable[[str], None] = lambda _name: None,
) -> PoweredOff:
    """Switch servers off, group after group: asked first, and forced after `grace_s`.

    A server that cannot be switched off within `deadline_s` is named in the end, and keeps no
    other one up; one that is off is `said` at once.
    """
    turns = asyncio.Semaphore(AT_ONCE)
    off: list[str] = []
    failed: dict[str, str] = {}

    async def one(name: str, reach: Open) -> None:
        try:
            async with turns, asyncio.timeout(deadline_s), reach() as client:
                await _down(client, grace_s, time.monotonic() + deadline_s)
            off.append(name)
            said(name)
        except DeviceError as error:
            failed[name] = str(error)
        except TimeoutError:
            failed[name] = f"{name}: is still on after {deadline_s:g} s; cut its outlets"

    for group in groups:
        await asyncio.gather(*(one(name, reach) for name, reach in group.items()))
    return PoweredOff(off=tuple(sorted(off)), failed=failed)


async def _down(client: Redfish, grace_s: float, ends: float) -> None:
    if await _is_off(client):
        return
    asking = asyncio.create_task(_ask(client, _GENTLE, _FORCED))
    try:
        _, on = await watch(lambda: _is_off(client), _not_yet, deadline_s=grace_s)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    if on:
        await _ask(client, _FORCED)
        left_s = ends - time.monotonic()
        _, on = await watch(lambda: _is_off(client), _not_yet, deadline_s=max(left_s, 0.0))
    if on:
        raise TimeoutError


async def _ask(client: Redfish, *kinds: str) -> None:
    await reset(client, await find_system(client), *kinds)


async def _is_off(client: Redfish) -> bool:
    return (await find_system(client)).power_state == "Off"


def _not_yet(off: bool) -> tuple[Difference, ...]:  # noqa: FBT001 - a state that is read
    return () if off else (Difference(path="power_state", expected="Off", actual="On"),)
