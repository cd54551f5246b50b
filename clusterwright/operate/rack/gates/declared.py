"""Settings that the plan declares of devices: the desired states of up, verify and drift."""

from collections.abc import Iterable
from dataclasses import replace

from clusterwright.access.guard import Difference, Guard
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed
from clusterwright.verify.declared import Declared, by_controller
from clusterwright.verify.settings import settings_of


async def look(rack: LiveRack, devices: Iterable[Declared], sentence: str) -> Checks:
    """Compare each device with what the plan declares."""
    return await each(told(d.subject, sentence, _compare(rack, d, sentence)) for d in devices)


async def act(rack: LiveRack, devices: Iterable[Declared], sentence: str) -> Checks:
    """Make each device what the plan declares, as `clusterwright up` does.

    Nothing that is in service is disturbed, whatever maintenance allows: that is for `up`. What
    is behind one controller is applied part by part.
    """
    groups = by_controller(devices)
    return await each(told(g[0].subject, sentence, _apply_all(rack, g)) for g in groups)


async def _compare(rack: LiveRack, device: Declared, sentence: str) -> Checks:
    async with rack.site.doors.open(device.controller) as client:
        actual = await device.kind.read(client, device.state)
    found = device.kind.differences(device.state, actual, _guard(device))
    if not found:
        count = len(settings_of(device.state))
        return (passed(device.subject, sentence, f"{count} settings as declared"),)
    return tuple(_check(device.subject, sentence, one) for one in found)


async def _apply_all(rack: LiveRack, parts: Iterable[Declared]) -> Checks:
    for part in parts:
        await _apply(rack, part)
    return ()


async def _apply(rack: LiveRack, device: Declared) -> None:
    rack.note(f"{device.subject}: settings")
    async with rack.site.doors.open(device.controller) as client:
        await device.kind.apply(
            client, device.state, _guard(device), deadline_s=rack.site.patience.settle_s
        )


def _guard(device: Declared) -> Guard:
    return replace(device.guard, allowed=frozenset())


def _check(subject: str, sentence: str, difference: Difference) -> Check:
    found = f"{difference.path} is {difference.actual}, but {difference.expected} is declared"
    return failed(subject, sentence, found, difference.remedy)
