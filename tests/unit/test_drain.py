"""A node is taken out of service, and put back only where every check of it passes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clusterwright.access.occupancy import Occupancy
from clusterwright.design.plan import Node, ServiceState, SitePlan
from clusterwright.errors import UsageError
from clusterwright.model.record import DeviceRecord, Leaving, NodeRecord, Record
from clusterwright.operate.drain import Result, drain, undo
from clusterwright.record_file import change_record, read_record
from clusterwright.verify.facility_checks import ANSWERS
from clusterwright.verify.report import Finding, Kind, Report, Unproven
from tests.plans import lab_plan

NODES = ("su1-n1", "su1-n2")
FREE = Occupancy()
BUSY = Occupancy(processes=("4711 python3",))


def plan_with(state: ServiceState) -> SitePlan:
    plan = lab_plan()
    return replace(plan, nodes=tuple(replace(node, service_state=state) for node in plan.nodes))


async def drained(
    file: Path, names: tuple[str, ...] = NODES, **seen: Occupancy
) -> tuple[Result, ...]:
    async def look(node: Node) -> Occupancy:
        return seen.get(node.name.replace("-", "_"), FREE)

    return await drain(file, plan_with(ServiceState.IN_SERVICE), names, look)


def states(file: Path) -> Mapping[str, str]:
    return {name: one.state for name, one in read_record(file).nodes.items()}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (FREE, "su1-n1: drained; nothing runs on its GPUs"),
        (
            Occupancy(unknown="no SSH: timed out"),
            "su1-n1: drained; what runs there is not known (no SSH: timed out)",
        ),
    ],
    ids=["nothing runs", "nobody can tell"],
)
async def test_a_node_is_drained_with_what_is_known_of_it(
    tmp_path: Path, seen: Occupancy, sentence: str
) -> None:
    file = tmp_path / "record.yml"
    [result] = await drained(file, NODES[:1], su1_n1=seen)
    assert result == Result(node="su1-n1", sentence=sentence, changed=True)
    assert states(file) == {"su1-n1": "drained"}


@pytest.mark.asyncio
async def test_a_node_on_which_something_runs_stays_and_others_go(tmp_path: Path) -> None:
    file = tmp_path / "record.yml"
    first, second = await drained(file, NODES, su1_n1=BUSY)
    assert first.refused
    assert first.sentence == (
        "su1-n1: stays in service: 1 process runs on its GPUs (4711 python3); "
        "let them end, and run this again"
    )
    assert second.changed
    assert states(file) == {"su1-n2": "drained"}


@pytest.mark.asyncio
async def test_all_unknown_names_are_said_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="su1-n9, nobody: site lab has no node of that name"):
        await drained(tmp_path / "record.yml", ("su1-n1", "su1-n9", "nobody"))
    assert not (tmp_path / "record.yml").exists()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (ServiceState.DRAINED, "su1-n1: is drained already"),
        (
            ServiceState.NEW,
            "su1-n1: is new: no job may run on it yet, so nothing is to be drained",
        ),
    ],
    ids=["drained", "new"],
)
async def test_who_is_not_in_service_is_left_alone(
    tmp_path: Path, state: ServiceState, sentence: str
) -> None:
    async def look(_node: Node) -> Occupancy:
        raise AssertionError

    [result] = await drain(tmp_path / "record.yml", plan_with(state), NODES[:1], look)
    assert result == Result(node="su1-n1", sentence=sentence)


def wrong(subject: str) -> Finding:
    return Finding(
        layer="hosts",
        subject=subject,
        kind=Kind.DRIFT,
        check="all GPUs are there",
        expected="8",
        actual="7",
        remedy="",
    )


def silent(subject: str) -> Unproven:
    return Unproven(layer="facility", subject=subject, check=ANSWERS, reason="no answer")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ({}, "su1-n1: in service; every check of it passes"),
        ({"findings": (wrong("su1-n2"),)}, "su1-n1: in service; every check of it passes"),
        ({"findings": (wrong("su1-n1"),)}, "su1-n1: stays drained: all GPUs are there: 7"),
        ({"findings": (wrong("su1-n1 GPU 3"),)}, "su1-n1: stays drained: all GPUs are there: 7"),
        ({"unproven": (silent("su1-n1-bmc"),)}, f"su1-n1: stays drained: {ANSWERS}: no answer"),
    ],
    ids=["all pass", "another fails", "it fails", "a part of it fails", "its BMC is silent"],
)
async def test_a_node_comes_back_only_where_its_checks_pass(
    tmp_path: Path, report: dict[str, Any], sentence: str
) -> None:
    file = tmp_path / "record.yml"

    async def verify() -> Report:
        return Report(site="lab", passes={}, **report)

    [result] = await undo(file, plan_with(ServiceState.DRAINED), NODES[:1], verify)
    assert result.sentence == sentence
    assert states(file) == ({"su1-n1": "in-service"} if result.changed else {})
    assert result.refused != result.changed


@pytest.mark.asyncio
async def test_who_is_being_decommissioned_does_not_come_back(tmp_path: Path) -> None:
    file = tmp_path / "record.yml"
    left = Record(nodes={"su1-n1": NodeRecord(state="drained")}, leaving={"su1-n1": Leaving()})
    change_record(file, lambda _: left)

    async def verify() -> Report:
        raise AssertionError

    with pytest.raises(UsageError, match="su1-n1: is being decommissioned, and its drives may be"):
        await undo(file, plan_with(ServiceState.DRAINED), NODES[:1], verify)


@pytest.mark.asyncio
async def test_what_was_decommissioned_before_it_holds_nobody_up(tmp_path: Path) -> None:
    file = tmp_path / "record.yml"
    left = Record(
        devices={"su1-n1": DeviceRecord(serial="the new one")},
        leaving={"su1-n1": Leaving(serial="the old one")},
    )
    change_record(file, lambda _: left)

    async def verify() -> Report:
        return Report(site="lab", passes={})

    [result] = await undo(file, plan_with(ServiceState.DRAINED), NODES[:1], verify)
    assert result.changed
