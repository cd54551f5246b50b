"""A report says what was found, in the words that other programs rely on."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from clusterwright.verify.report import Finding, Kind, Report, Unproven, join_reports
from clusterwright.verify.terminal import print_report

BIOS = Finding(
    layer="facility",
    subject="su1-n1",
    kind=Kind.DRIFT,
    check="BIOS attribute SriovGlobalEnable is as declared",
    expected="Enabled",
    actual="Disabled",
    remedy="run clusterwright up lab",
)
PENDING = Finding(
    layer="facility",
    subject="su1-n2",
    kind=Kind.DRIFT,
    check="BIOS attribute ProcX2Apic is as declared",
    expected="Enabled",
    actual="Disabled",
    remedy="drain su1-n2",
    pending=True,
)
UNREACHABLE = Unproven(layer="hosts", subject="su1-n4", check="no GPU is missing", reason="no SSH")


def report(*findings: Finding, unproven: tuple[Unproven, ...] = ()) -> Report:
    return Report(site="lab", passes={"facility": 410}, findings=findings, unproven=unproven)


def test_the_document_is_the_one_that_was_promised() -> None:
    document = json.loads(report(BIOS, unproven=(UNREACHABLE,)).to_json())
    assert list(document) == [
        "site", "checked", "pass", "fail", "not_proven", "findings", "unproven"
    ]  # fmt: skip
    assert (document["checked"], document["pass"]) == (412, 410)
    assert (document["fail"], document["not_proven"]) == (1, 1)
    assert document["findings"] == [
        {
            "layer": "facility",
            "subject": "su1-n1",
            "kind": "Drift",
            "check": "BIOS attribute SriovGlobalEnable is as declared",
            "expected": "Enabled",
            "actual": "Disabled",
            "remedy": "run clusterwright up lab",
        }
    ]
    assert list(document["unproven"][0]) == ["layer", "subject", "check", "reason"]


def test_only_a_pending_finding_says_pending() -> None:
    first, second = json.loads(report(BIOS, PENDING).to_json())["findings"]
    assert "pending" not in first
    assert second["pending"] is True


@pytest.mark.parametrize(
    ("given", "verify", "drift"),
    [
        pytest.param(report(), 0, 0, id="all-pass"),
        pytest.param(report(BIOS), 1, 7, id="finding"),
        pytest.param(report(PENDING), 1, 7, id="pending-finding"),
        pytest.param(report(unproven=(UNREACHABLE,)), 3, 3, id="unproven-only"),
        pytest.param(report(BIOS, unproven=(UNREACHABLE,)), 1, 7, id="finding-wins"),
    ],
)
def test_exit_codes_follow_the_worst_verdict(given: Report, verify: int, drift: int) -> None:
    assert (given.verify_exit_code(), given.drift_exit_code()) == (verify, drift)


def test_joined_reports_count_by_layer_and_keep_the_order_of_layers() -> None:
    hosts = Report(site="lab", passes={"hosts": 2}, unproven=(UNREACHABLE,))
    joined = join_reports("lab", [hosts, report(PENDING, BIOS), report()])
    assert joined.passes == {"facility": 820, "hosts": 2}
    assert [finding.subject for finding in joined.findings] == ["su1-n1", "su1-n2"]
    assert joined.checked == 825


def test_people_see_where_what_was_expected_what_is_there_and_what_helps() -> None:
    console = Console(file=io.StringIO(), width=100)
    print_report(report(BIOS, PENDING, unproven=(UNREACHABLE,)), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "≠ su1-n1  Drift\n" in text
    assert "check     BIOS attribute SriovGlobalEnable is as declared\n" in text
    assert "expected  Enabled" in text
    assert "actual    Disabled" in text
    assert "remedy    run clusterwright up lab" in text
    assert "Drift, pending" in text
    assert "because  no SSH" in text
    assert "413 checked: 410 pass, 2 fail, 1 not proven" in text
    assert max(map(len, text.splitlines())) <= 100


def test_what_one_reason_hides_on_several_subjects_is_said_once() -> None:
    console = Console(file=io.StringIO(), width=100)
    others = tuple(replace(UNREACHABLE, subject=f"su1-n{n}") for n in (7, 8))
    print_report(report(unproven=others), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert f"? su1-n7, su1-n8  {UNREACHABLE.check}" in text
    assert text.count("because") == 1
    assert "2 not proven" in text
