"""What a check-mode play would change becomes findings that say where."""

import pytest

from clusterwright.access.ansible import PlayResult, TaskChange, TaskFailure
from clusterwright.verify.host_drift import report_of

HOSTS = ["head", "su1-n1", "su1-n2"]


def change(before: str, after: str, item: str = "") -> TaskChange:
    return TaskChange(
        host="su1-n1", task="Hold the driver at its version", role="gpu_driver",
        before=before, after=after, item=item,
    )  # fmt: skip


def result(
    *changes: TaskChange,
    pending: tuple[TaskChange, ...] = (),
    unreachable: tuple[str, ...] = (),
    failures: tuple[TaskFailure, ...] = (),
    unfinished: tuple[str, ...] = (),
) -> PlayResult:
    return PlayResult(
        ok=not unreachable and not failures and not unfinished,
        changed=len(changes),
        changes=changes,
        unreachable=unreachable,
        failures=failures,
        pending=pending,
        unfinished=unfinished,
    )


def test_a_play_that_would_change_nothing_passes_every_host() -> None:
    report = report_of("lab", HOSTS, result())
    assert (report.checked, report.passes) == (3, {"hosts": 3})


def test_a_host_that_the_play_was_not_through_with_does_not_pass() -> None:
    report = report_of("lab", HOSTS, result(unfinished=("su1-n2",)))
    assert report.passes == {"hosts": 2}
    assert [(one.subject, one.reason) for one in report.unproven] == [
        ("su1-n2", "the play ended before")
    ]


@pytest.mark.parametrize(
    ("given", "subject", "kind", "expected", "actual"),
    [
        pytest.param(
            change("ntp 1", "ntp 2", "/etc/chrony/chrony.conf"),
            "su1-n1 /etc/chrony/chrony.conf", "Drift", "ntp 2", "ntp 1", id="file-edited",
        ),
        pytest.param(
            change("", "present", "/etc/apt/keyrings/site.asc"),
            "su1-n1 /etc/apt/keyrings/site.asc", "Missing", "present", "absent", id="file-gone",
        ),
        pytest.param(
            change("present", "", "/etc/apt/sources.list"),
            "su1-n1 /etc/apt/sources.list", "Unexpected", "absent", "present", id="file-too-much",
        ),
        pytest.param(
            change("absent", "580.2-1 (held)", "libnvidia-nscq"),
            "su1-n1 libnvidia-nscq", "Missing", "580.2-1 (held)", "absent", id="package-gone",
        ),
        pytest.param(
            change("a 1\nb 2\nc 3", "a 9\nb 2\nc 8", "/etc/chrony/chrony.conf"),
            "su1-n1 /etc/chrony/chrony.conf", "Drift", "a 9\nc 8", "a 1\nc 3",
            id="only-lines-that-differ",
        ),
        pytest.param(
            change("a 1\nb 2", "b 2\na 1", "/etc/chrony/chrony.conf"),
            "su1-n1 /etc/chrony/chrony.conf", "Drift", "b 2\na 1", "a 1\nb 2",
            id="only-the-order-differs",
        ),
        pytest.param(
            change("not done", "done"), "su1-n1", "Drift", "done", "not done", id="nameless",
        ),
    ],
)  # fmt: skip
def test_a_change_is_a_finding_that_says_where(
    given: TaskChange, subject: str, kind: str, expected: str, actual: str
) -> None:
    report = report_of("lab", HOSTS, result(given))
    [finding] = report.findings
    assert (finding.subject, finding.kind) == (subject, kind)
    assert (finding.expected, finding.actual) == (expected, actual)
    sentence = "a play would change nothing: gpu_driver: Hold the driver at its version"
    assert finding.check == sentence
    assert finding.remedy == "run clusterwright up lab"
    assert report.passes == {"hosts": 2}


def test_a_unit_that_would_only_be_restarted_holds() -> None:
    report = report_of("lab", HOSTS, result(change("active enabled", "active enabled", "ssh")))
    assert (report.checked, report.passes) == (3, {"hosts": 3})


def test_what_may_not_be_changed_now_is_pending() -> None:
    given = change("installed, waits for a reboot", "580.2 running", "driver")
    [finding] = report_of("lab", HOSTS, result(pending=(given,))).findings
    assert finding.pending
    assert finding.remedy.startswith("drain su1-n1, or allow it")


def test_hosts_and_tasks_that_could_not_be_looked_at_are_not_proven() -> None:
    failed = TaskFailure(host="head", task="Fetch the keys", message="no route to host")
    report = report_of("lab", HOSTS, result(unreachable=("su1-n2",), failures=(failed,)))
    assert [(one.subject, one.reason) for one in report.unproven] == [
        ("su1-n2", "no SSH"), ("head", "no route to host"),
    ]  # fmt: skip
    assert report.passes == {"hosts": 1}
