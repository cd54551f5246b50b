"""Nodes are taken out of service, and put back: what the record says, every guard goes by."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clusterwright.access.occupancy import Occupancy
from clusterwright.design.plan import Controller, Node, ServiceState, SitePlan
from clusterwright.errors import UsageError
from clusterwright.model.record import NodeRecord, Record
from clusterwright.operate.decommission.leaving import leaving_of
from clusterwright.record_file import change_record, read_record
from clusterwright.verify.facility_checks import ANSWERS
from clusterwright.verify.report import Report

Look = Callable[[Node], Awaitable[Occupancy]]
"""What runs on a node."""
Verify = Callable[[], Awaitable[Report]]
"""What `clusterwright verify` says of the site, or of the racks that matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What has become of one node: `changed` where this run did it, `refused` where it stays."""

    node: str
    sentence: str
    changed: bool = False
    refused: bool = False


async def drain(file: Path, plan: SitePlan, names: Sequence[str], look: Look) -> tuple[Result, ...]:
    """Write nodes down as drained, except those on which something is known to run.

    Raises:
        UsageError: a name is no node of the plan; nothing has been written then.
    """
    nodes = nodes_named(plan, names)
    working = [node for node in nodes if node.service_state is ServiceState.IN_SERVICE]
    seen = dict(
        zip(
            (node.name for node in working),
            await asyncio.gather(*(look(node) for node in working)),
            strict=True,
        )
    )
    free = [name for name, occupancy in seen.items() if not occupancy.processes]
    await _write(file, free, "drained")
    return tuple(_drained(node, seen.get(node.name)) for node in nodes)


async def undo(
    file: Path, plan: SitePlan, names: Sequence[str], verify: Verify
) -> tuple[Result, ...]:
    """Put drained nodes back into service, where every check of them passes.

    Raises:
        UsageError: a name is no node of the plan, or one is being decommissioned.
    """
    nodes = nodes_named(plan, names)
    _refuse_leaving(plan.site, read_record(file), nodes)
    drained = [node for node in nodes if node.service_state is ServiceState.DRAINED]
    wrong = _what_is_wrong(await verify(), drained) if drained else {}
    await _write(file, [node.name for node in drained if not wrong[node.name]], "in-service")
    return tuple(_undone(plan.site, node, wrong) for node in nodes)


def nodes_named(plan: SitePlan, names: Sequence[str]) -> tuple[Node, ...]:
    """Return these nodes, each once.

    Raises:
        UsageError: with every name that is no node of the plan.
    """
    known = {node.name: node for node in plan.nodes}
    if unknown := [name for name in dict.fromkeys(names) if name not in known]:
        raise UsageError(
            f"{', '.join(unknown)}: site {plan.site} has no node of that name; "
            f"clusterwright intake {plan.site} --show lists them"
        )
    return tuple(known[name] for name in dict.fromkeys(names))


async def _write(file: Path, names: Sequence[str], state: str) -> None:
    def change(record: Record) -> Record:
        written = {name: NodeRecord.model_validate({"state": state}) for name in names}
        return record.model_copy(update={"nodes": {**record.nodes, **written}})

    if names:
        await asyncio.to_thread(change_record, file, change)


def _drained(node: Node, seen: Occupancy | None) -> Result:
    name = node.name
    if seen is None:
        already = "drained already" if node.service_state is ServiceState.DRAINED else "new"
        more = "" if already != "new" else ": no job may run on it yet, so nothing is to be drained"
        return Result(node=name, sentence=f"{name}: is {already}{more}")
    if seen.processes:
        sentence = f"{name}: stays in service: {seen}; let them end, and run this again"
        return Result(node=name, sentence=sentence, refused=True)
    return Result(node=name, sentence=f"{name}: drained; {seen}", changed=True)


def _refuse_leaving(site: str, record: Record, nodes: Sequence[Node]) -> None:
    if leaving := [node.name for node in nodes if leaving_of(record, node.name)]:
        raise UsageError(
            f"{', '.join(leaving)}: is being decommissioned, and its drives may be erased: go on "
            f"with clusterwright decommission {site} {' '.join(leaving)}, or keep it with --cancel"
        )


def _what_is_wrong(report: Report, nodes: Sequence[Node]) -> dict[str, str]:
    """Return for each node the first thing that speaks against it, or nothing."""
    wrong = {node.name: "" for node in nodes}
    owners = {one.name: node.name for node in nodes for one in _controllers(node)}
    owners |= {node.name: node.name for node in nodes}
    found = [(one.subject, f"{one.check}: {one.actual}") for one in report.findings]
    # Of a controller that keeps silent nothing is proven at all.
    found += [(u.subject, f"{u.check}: {u.reason}") for u in report.unproven if u.check == ANSWERS]
    for subject, sentence in found:
        owner = owners.get(subject.split()[0])
        if owner and not wrong[owner]:
            wrong[owner] = sentence
    return wrong


def _controllers(node: Node) -> tuple[Controller, ...]:
    return (node.controller, *node.board_controllers)


def _undone(site: str, node: Node, wrong: dict[str, str]) -> Result:
    name = node.name
    if name not in wrong:
        if node.service_state is ServiceState.NEW:
            sentence = f"{name}: is new: clusterwright rack {site} {node.mount.rack} brings it up"
            return Result(node=name, sentence=sentence, refused=True)
        return Result(node=name, sentence=f"{name}: is in service already")
    if wrong[name]:
        sentence = f"{name}: stays drained: {wrong[name]}"
        return Result(node=name, sentence=sentence, refused=True)
    return Result(node=name, sentence=f"{name}: in service; every check of it passes", changed=True)
