"""What verify says of each fault of cooling and power: one sentence, one subject."""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from clusterwright.design.plan import CduPumps, SitePlan
from clusterwright.verify.facility_checks import check_facility
from clusterwright.verify.report import Finding, Report
from tests.access.facility_rig import SHELF, Rig, rig
from tests.faults.operator import IDLE, LOOP, broken, client, module

NODES = ("su1-n1", "su1-n2", "su1-n3", "su1-n4")
CORD = "every power supply draws from its planned outlet"


def planned(lab: Rig) -> SitePlan:
    """The rig's plan, with what design would say of its loop."""
    [loop] = lab.plan.loops
    pumps = CduPumps(running=2, needed=1, spare=True)
    return replace(lab.plan, loops=(replace(loop, cooled=NODES[2:], pumps=pumps),))


async def verified(lab: Rig) -> Report:
    return await check_facility(planned(lab), None, lambda one: client(lab, subject_of(lab, one)))


def subject_of(lab: Rig, controller: object) -> str:
    found = lab.running.endpoints.items()
    return next(name for name, one in found if one.controller == controller)


async def started(lab: Rig) -> None:
    for node in NODES:
        await lab.power_on(node)
    async with client(lab, "cdu1") as redfish:
        await module("cdu1").apply(redfish, LOOP, IDLE)


def said(finding: Finding) -> tuple[str, str, str]:
    return finding.subject, finding.check, finding.actual


@pytest.mark.asyncio
async def test_on_a_healthy_facility_verify_has_nothing_to_say(tmp_path: Path) -> None:
    async with rig(tmp_path, shelves=(SHELF,)) as lab:
        await started(lab)
        report = await verified(lab)
    assert (report.findings, report.unproven) == ((), ())


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fault", "subject", "expected"),
    [
        pytest.param(
            "node-leak",
            "su1-n3",
            [("su1-n3", "no detector of the node reports a leak", "Manifold: Critical")],
            id="a node leaks",
        ),
        pytest.param(
            "leak",
            "cdu1",
            [("cdu1", "no detector of the CDU reports a leak", "Tray: Critical")],
            id="a CDU leaks",
        ),
        pytest.param(
            "supply-warm",
            "cdu1",
            [("cdu1", "the measured supply temperature is near its set point", "50 °C")],
            id="facility water comes warm",
        ),
        pytest.param(
            "filter-clogged",
            "cdu1",
            [("cdu1", "no filter of the CDU is clogged", "filter 1: Critical")],
            id="a filter clogs",
        ),
        pytest.param(
            "pump-lost",
            "cdu1",
            [
                (
                    "cdu1",
                    "2 pumps of the CDU work, one more than it needs",
                    "1: pump 1 is Critical",
                )
            ],
            id="the spare pump is lost",
        ),
        pytest.param(
            "power-supply-failed",
            "su1-n1",
            [("su1-n1", "no power supply with line input has failed", "PSU0: Critical")],
            id="a power supply fails",
        ),
        pytest.param(
            "power-supply-failed",
            SHELF.name,
            [(SHELF.name, "no rectifier of the shelf has failed", "PSU0: Critical")],
            id="a rectifier fails",
        ),
        pytest.param(
            "cords-swapped",
            "su1-n1",
            [("su1-n1", CORD, "PSU0 from r1-pdu-b outlet 1, PSU1 from r1-pdu-a outlet 1")],
            id="two cords are swapped",
        ),
    ],
)
async def test_a_fault_is_one_sentence_about_its_subject(
    tmp_path: Path, fault: str, subject: str, expected: list[tuple[str, str, str]]
) -> None:
    async with rig(tmp_path, shelves=(SHELF,)) as lab:
        await started(lab)
        async with broken(lab, fault, subject):
            report = await verified(lab)
        assert [said(finding) for finding in report.findings] == expected
        assert report.unproven == ()
        assert all(finding.remedy for finding in report.findings)
        assert (await verified(lab)).findings == ()


@pytest.mark.asyncio
async def test_a_meter_that_measures_nonsense_is_named_and_blames_no_cord(tmp_path: Path) -> None:
    async with rig(tmp_path, shelves=(SHELF,)) as lab:
        await started(lab)
        async with broken(lab, "metering-nonsense", "r1-pdu-a"):
            report = await verified(lab)
        [finding] = report.findings
        assert said(finding)[:2] == ("r1-pdu-a", "what the PDU measures can be")
        assert "input: -" in finding.actual
        assert {(one.subject, one.check) for one in report.unproven} == {
            ("su1-n1", CORD),
            ("su1-n2", CORD),
        }
        assert {one.reason for one in report.unproven} == {"r1-pdu-a measures what cannot be"}


@pytest.mark.asyncio
async def test_two_faults_are_two_sentences(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, AsyncExitStack() as wrong:
        await started(lab)
        await wrong.enter_async_context(broken(lab, "pump-lost", "cdu1"))
        await wrong.enter_async_context(broken(lab, "cords-swapped", "su1-n2"))
        subjects = {finding.subject for finding in (await verified(lab)).findings}
    assert subjects == {"cdu1", "su1-n2"}
