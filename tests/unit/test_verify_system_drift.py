"""What drift says of the systems that we have installed."""

import pytest

from clusterwright.access.guard import Guard
from clusterwright.access.os_install import InstallState, differences
from clusterwright.access.os_install.state import Presence
from clusterwright.verify.report import Kind
from clusterwright.verify.scope import HOSTS
from clusterwright.verify.system_drift import report_of

IDLE = Guard(in_service=False)
CASES = {
    "nothing is installed": (InstallState(presence=Presence.BLANK), Kind.MISSING, False),
    "another answer file": (InstallState(presence=Presence.OURS, digest="d0"), Kind.DRIFT, True),
    "not by us": (InstallState(presence=Presence.FOREIGN), Kind.DRIFT, True),
}


@pytest.mark.parametrize(("state", "kind", "pending"), CASES.values(), ids=CASES)
def test_a_difference_is_a_finding(state: InstallState, kind: Kind, *, pending: bool) -> None:
    report = report_of("lab", "su1-n1", state, differences("d1", "", state, IDLE))
    (found,) = report.findings
    assert (found.layer, found.subject, found.kind, found.pending) == (
        HOSTS, "su1-n1", kind, pending,
    )  # fmt: skip
    assert "clusterwright up lab" in found.remedy
    assert report.passed == 0


def test_a_host_as_declared_passes() -> None:
    state = InstallState(presence=Presence.OURS, digest="d1")
    report = report_of("lab", "su1-n1", state, differences("d1", "", state, IDLE))
    assert (report.findings, report.passed) == ((), 1)


def test_a_host_that_nobody_can_ask_proves_nothing() -> None:
    state = InstallState(presence=Presence.SILENT, digest="d1", words="timed out")
    report = report_of("lab", "su1-n1", state, differences("d1", "", state, IDLE))
    assert [one.reason for one in report.unproven] == ["timed out"]
    assert (report.findings, report.passed) == ((), 0)
