"""Every host check ends in one verdict, and nothing passes that did not look."""

import os
import subprocess
import sys

import pytest

from clusterwright.verify.report import Report
from clusterwright.verify.verdicts import Check, read_report, to_line

CONFTEST = """
from dataclasses import dataclass
import pytest

@dataclass
class Planned:
    name: str

@dataclass
class Result:
    stderr: str

def pytest_generate_tests(metafunc):
    hosts = [Planned("n1"), Planned("n2")]
    metafunc.parametrize("planned", hosts, ids=["n1", "n2"], scope="session")

@pytest.fixture
def link(planned):
    if planned.name == "n2":
        raise RuntimeError(Result(stderr="ssh: connect to host n2: No route to host"))
"""
CHECKS = """
import pytest
from clusterwright.verify.pytest_plugin import ProbeFailed

def test_one_is_one(planned):
    assert 1 == 1

@pytest.mark.remedy("replace the GPU of {host} in {site}")
def test_no_gpu_is_missing(planned):
    '''no GPU is missing'''
    assert ["h100"] == ["h100", "h100"]

def test_the_log_is_clean(planned):
    pytest.skip("the log has no kernel line")

def test_the_daemon_answers(planned):
    raise ProbeFailed("sshd -T", 127, "noise\\nsshd: not found\\n")

def test_the_output_is_understood(planned):
    int("three")

def test_the_host_answers(planned, link):
    assert True

def test_the_last_one(planned):
    assert True
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("checks")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_checks.py").write_text(CHECKS)
    verdicts = folder / "verdicts.jsonl"
    subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                str(folder),
                "-p",
                "clusterwright.verify.pytest_plugin",
            ),
            *(f"--verdicts={verdicts}", f"--rootdir={folder}", "-p", "no:cacheprovider"),
            *("-c", os.devnull),
        ],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
    )
    return read_report(verdicts.read_text().splitlines(), "lab", unfinished="it did not end")


def reasons(report: Report, host: str) -> dict[str, str]:
    return {one.check: one.reason for one in report.unproven if one.subject == host}


def test_every_check_of_every_host_has_one_verdict(report: Report) -> None:
    assert report.checked == 14
    assert report.passes == {"hosts": 4}


def test_a_difference_is_a_finding_with_expected_actual_and_remedy(report: Report) -> None:
    [finding] = [f for f in report.findings if f.subject == "n1" and "GPU" in f.check]
    assert (finding.check, finding.kind) == ("no GPU is missing", "Missing")
    assert (finding.expected, finding.actual) == ("2 × h100", "h100")
    assert finding.remedy == "replace the GPU of n1 in lab"


def test_a_command_that_fails_on_a_host_that_answers_is_a_finding(report: Report) -> None:
    [finding] = [f for f in report.findings if f.subject == "n1" and "daemon" in f.check]
    assert finding.expected == "an answer of: sshd -T"
    assert finding.actual == "exit status 127: sshd: not found"
    assert finding.remedy == "run clusterwright up lab"


def test_a_probe_that_cannot_look_proves_nothing(report: Report) -> None:
    assert reasons(report, "n1") == {
        "the log is clean": "the log has no kernel line",
        "the output is understood": "the probe failed: ValueError: "
        "invalid literal for int() with base 10: 'three'",
    }


def test_a_host_that_does_not_answer_is_asked_once_and_proves_nothing_more(report: Report) -> None:
    no_route = "no SSH: ssh: connect to host n2: No route to host"
    assert reasons(report, "n2")["the host answers"] == no_route
    assert reasons(report, "n2")["the last one"] == no_route


def test_a_check_that_was_announced_and_never_ended_is_not_proven() -> None:
    line = to_line(Check(host="n1", sentence="no GPU is missing"))
    report = read_report([line], "lab", unfinished="it did not end within 60 s")
    assert [one.reason for one in report.unproven] == ["it did not end within 60 s"]
