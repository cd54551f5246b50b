"""Settings that the plan declares of devices: the desired states of up, verify and drift."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from clusterwright.access.guard import Difference
from clusterwright.errors import ClusterwrightError
from clusterwright.operate.rack.gates import applying
from clusterwright.operate.rack.gates.looking import each
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed
from clusterwright.verify.declared import Declared
from clusterwright.verify.settings import settings_of


async def look(rack: LiveRack, devices: Iterable[Declared], sentence: str) -> Checks:
    """Compare each device with what the plan declares."""
    subjects = _by_subject(devices)
    return await each(_look(rack, name, parts, sentence) for name, parts in subjects.items())


async def act(rack: LiveRack, devices: Iterable[Declared], sentence: str) -> Checks:
    """Make each device what the plan declares, as `clusterwright up` does.

    Nothing that is in service is disturbed, whatever maintenance allows: that is for `up`.
    """
    subjects, servers = _by_subject(devices), rack.servers_of_boards()
    whole: dict[str, list[str]] = {}
    for name in sorted(subjects, key=lambda one: one in servers):
        whole.setdefault(servers.get(name, name), []).append(name)
    return await each(
        _act_on_all(rack, {name: subjects[name] for name in names}, sentence)
        for names in whole.values()
    )


def _by_subject(devices: Iterable[Declared]) -> dict[str, list[Declared]]:
    found: dict[str, list[Declared]] = {}
    for one in sorted(devices, key=applying.rank):
        careful = replace(one, guard=replace(one.guard, allowed=frozenset()))
        found.setdefault(one.subject, []).append(careful)
    return found


async def _look(rack: LiveRack, name: str, parts: list[Declared], sentence: str) -> Checks:
    checks: list[Check] = []
    for part in parts:
        try:
            found = await applying.compare(rack, part)
        except ClusterwrightError as error:
            return (failed(name, sentence, str(error)),)
        checks += [_check(rack, name, sentence, one) for one in found]
    count = sum(len(settings_of(part.state)) for part in parts)
    return tuple(checks) or (passed(name, sentence, f"{count} settings as declared"),)


async def _act_on_all(
    rack: LiveRack, subjects: Mapping[str, list[Declared]], sentence: str
) -> Checks:
    """A server, then the boards in it: it must run for their images, and is reset for some."""
    shown = [await _act(rack, name, parts, sentence) for name, parts in subjects.items()]
    return tuple(check for checks in shown for check in checks)


async def _act(rack: LiveRack, name: str, parts: list[Declared], sentence: str) -> Checks:
    for part in parts:
        rack.note(f"{name}: settings")
        try:
            await applying.apply(rack, part)
        except ClusterwrightError as error:
            return (failed(name, sentence, str(error)),)
    return ()


def _check(rack: LiveRack, subject: str, sentence: str, difference: Difference) -> Check:
    found = f"{difference.path} is {difference.actual}, but {difference.expected} is declared"
    again = f"run this again, and then clusterwright up {rack.site.plan.site}"
    remedy = difference.remedy.replace("run clusterwright up", again)
    return failed(subject, sentence, found, remedy)
