"""What devices say themselves about what went wrong: their logs and their tasks.

It is kept in the rack's report, and decides nothing: a log that cannot be read is said to be so.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.messages import said
from clusterwright.access.redfish.walk import members
from clusterwright.design.plan import Controller
from clusterwright.errors import ClusterwrightError
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, Verdict

ENTRIES = 8
"""Of each log, the latest."""
_ENDED_BADLY = frozenset({"Exception", "Killed", "Cancelled", "Interrupted"})


class _Owner(Resource):
    logs = Link("LogServices")


class _Log(Resource):
    id = Field("Id", str, "Log")
    entries = Link("Entries")


class _Entry(Resource):
    created = Field("Created", str, "")
    severity = Field("Severity", str, "")
    message = Field("Message", str, "")


class _Task(Resource):
    name = Field("Name", str, "")
    state = Field("TaskState", str, "")


async def with_evidence(rack: LiveRack, checks: Checks) -> Checks:
    """Add to each check that fails what its subject's controller has in its logs."""
    controllers = dict(rack.controllers())
    subjects = {c.subject for c in checks if c.verdict is Verdict.FAIL} & controllers.keys()
    lines = dict(
        zip(
            subjects,
            await asyncio.gather(*(_of(rack, controllers[subject]) for subject in subjects)),
            strict=True,
        )
    )
    given: set[str] = set()
    return tuple(_first(check, lines, given) for check in checks)


def _first(check: Check, lines: Mapping[str, tuple[str, ...]], given: set[str]) -> Check:
    """Several checks of one device need its logs once."""
    if check.verdict is not Verdict.FAIL or check.subject in given:
        return check
    given.add(check.subject)
    return replace(check, evidence=(*check.evidence, *lines.get(check.subject, ())))


async def _of(rack: LiveRack, controller: Controller) -> tuple[str, ...]:
    try:
        async with (
            asyncio.timeout(rack.site.patience.evidence_s),
            rack.site.doors.open(controller) as client,
        ):
            return (*await _logs(client), *await _tasks(client))
    except (ClusterwrightError, TimeoutError) as error:
        why = str(error) or "it did not answer in time"
        return (f"its logs cannot be read: {why}",)


async def _logs(client: Redfish) -> list[str]:
    found: dict[tuple[str, str], str] = {}
    root = await client.root()
    for kind in ("Systems", "Managers", "Chassis"):
        path = root.get(kind, {}).get("@odata.id", "")
        for owner in await members(client, path, _Owner) if path else []:
            for log in await members(client, owner.logs, _Log) if owner.logs else []:
                entries = await members(client, log.entries, _Entry) if log.entries else []
                for entry in _worth_keeping(entries):
                    # Many controllers show one log at several places.
                    found.setdefault((entry.created, entry.message), _line(log.id, entry))
    return list(found.values())


def _worth_keeping(entries: list[_Entry]) -> list[_Entry]:
    bad = [entry for entry in entries if entry.severity != "OK"]
    return sorted(bad, key=lambda entry: entry.created)[-ENTRIES:]


def _line(log: str, entry: _Entry) -> str:
    return f"{log} {entry.created} {entry.severity}: {entry.message}"


async def _tasks(client: Redfish) -> list[str]:
    service = (await client.root()).get("Tasks", {}).get("@odata.id", "")
    if not service:
        return []
    tasks = Link("Tasks").__get__(Resource(client.name, await client.get(service)), Resource)
    found = await members(client, tasks, _Task) if tasks else []
    return [_told(task.name, task.state, task.body) for task in found if task.state in _ENDED_BADLY]


def _told(name: str, state: str, body: Mapping[str, Any]) -> str:
    return f"task {name} ended as {state}: {said(body) or 'it gives no reason'}"
