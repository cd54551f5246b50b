"""The checks of tests/infra, played against a host that is a shell script."""

import asyncio
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from clusterwright.design import design
from clusterwright.errors import ToolError
from clusterwright.load import load_site
from clusterwright.site_folder import find_site
from clusterwright.verify import host_checks
from clusterwright.verify.host_checks import check_hosts
from clusterwright.verify.report import Report

# su1-n3 has lost a GPU and knows few commands; su1-n4 does not answer.
SSH = """#!/bin/sh
for command; do :; done
case "$*" in *" su1-n4 "*)
    echo "ssh: connect to host 10.101.0.14 port 22: No route to host" >&2; exit 255;;
esac
case "$command" in
"uname --nodename") echo su1-n3;;
*query-gpu=name*) for gpu in 0 1 2 3 4 5 6; do
    echo "NVIDIA H100 80GB HBM3, 81559, 580.178.04, 16, Enabled, Completed, Success"; done;;
*) echo "sh: 1: not found" >&2; exit 127;;
esac
"""


# A pytest that dies in the middle of its second check.
CONFTEST = """
from types import SimpleNamespace

def pytest_generate_tests(metafunc):
    metafunc.parametrize("planned", [SimpleNamespace(name="su1-n3")], ids=["su1-n3"])
"""
DYING = """
import os

def test_the_first_holds(planned):
    assert True

def test_the_second_never_ends(planned):
    os._exit(9)

def test_the_third_is_never_begun(planned):
    assert True
"""
SLOW = """
import time
from pathlib import Path

import pytest

@pytest.fixture
def connection():
    Path(__file__).with_name("opened").touch()
    yield
    Path(__file__).with_name("closed").touch()

def test_it_takes_its_time(planned, connection):
    time.sleep(600)
"""


def only_checks_are(text: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let one process play these, of one host, instead of tests/infra."""
    shutil.copy(host_checks.CHECKS / "pytest.ini", folder)
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_stand_in.py").write_text(text)
    patch.setattr(host_checks, "CHECKS", folder)
    patch.setattr("os.cpu_count", lambda: 1)


async def checks_of_rack_r2() -> Report:
    folder = find_site("lab")
    return await check_hosts(folder, design(load_site(folder)), "r2")


def check_rack_r2() -> Report:
    return asyncio.run(checks_of_rack_r2())


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    program = tmp_path_factory.mktemp("bin") / "ssh"
    program.write_text(SSH)
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        yield check_rack_r2()


def test_each_host_gets_the_same_checks_and_each_check_one_verdict(report: Report) -> None:
    of_n4 = {one.check for one in report.unproven if one.subject == "su1-n4"}
    assert report.checked == 2 * len(of_n4)
    assert len(of_n4) > 20
    # What answers passes: the name, and what nvidia-smi says of the GPUs that are there.
    assert report.passes == {"hosts": 6}


def test_a_lost_gpu_is_found(report: Report) -> None:
    [finding] = [one for one in report.findings if one.check == "no GPU is missing"]
    assert (finding.subject, finding.kind) == ("su1-n3", "Missing")
    assert finding.expected == "8 × NVIDIA H100 80GB HBM3"
    assert finding.actual == "7 × NVIDIA H100 80GB HBM3"


def test_a_check_that_kills_pytest_is_not_proven_and_nor_are_those_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_checks_are(DYING, tmp_path, monkeypatch)
    report = check_rack_r2()
    assert (report.passed, report.findings) == (1, ())
    assert [(one.check, one.reason) for one in report.unproven] == [
        ("the second never ends", "the check did not end before pytest itself ended"),
        ("the third is never begun", "the check did not end before pytest itself ended"),
    ]


def test_checks_that_cannot_start_are_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conftest.py").write_text("import no_such_module\n")
    monkeypatch.setattr(host_checks, "CHECKS", tmp_path)
    with pytest.raises(ToolError, match="before any check"):
        check_rack_r2()


def test_checks_that_do_not_begin_in_time_are_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    for patience in ("START_S", "PER_HOST_S"):
        monkeypatch.setattr(host_checks, patience, 0)
    with pytest.raises(ToolError, match="it did not come to a check within 0 s"):
        check_rack_r2()


@pytest.fixture
def deaf_to_ctrl_c() -> Iterator[None]:
    """As whatever a shell runs in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.asyncio
@pytest.mark.usefixtures("deaf_to_ctrl_c")
async def test_checks_that_are_given_up_close_their_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_checks_are(SLOW, tmp_path, monkeypatch)
    checks = asyncio.create_task(checks_of_rack_r2())
    for _ in range(2400):
        if (tmp_path / "opened").exists() or checks.done():
            break
        await asyncio.sleep(0.05)
    checks.cancel()
    with pytest.raises(asyncio.CancelledError):
        await checks
    assert (tmp_path / "closed").exists(), "the connection was left open"
