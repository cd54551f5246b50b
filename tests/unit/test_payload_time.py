"""The emulated chrony checks its configuration and names its servers as the real one does."""

import os
from pathlib import Path

import pytest

from clusterwright.lab.payloads.emulated_time import chronyc, chronyd, sources, tracking

CONFIGURATION = "# ours\nserver 10.101.0.2 iburst\nconfdir /etc/chrony/conf.d\nmakestep 1 3\n"


@pytest.fixture
def host(tmp_path: Path) -> Path:
    (tmp_path / "etc/chrony/conf.d").mkdir(parents=True)
    (tmp_path / "etc/chrony/chrony.conf").write_text(CONFIGURATION)
    (tmp_path / "run/chrony").mkdir(parents=True)
    return tmp_path


def test_chronyc_needs_the_daemon(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert chronyc(host, ["tracking"]) == 1
    assert capsys.readouterr().out == "506 Cannot talk to daemon\n"


def test_tracking_names_the_first_server(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (host / "run/chrony/chronyd.pid").write_text(f"{os.getpid()}\n")
    assert chronyc(host, ["-n", "tracking"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Reference ID    : 0A650002 (10.101.0.2)\nStratum         : 3\n")
    assert shown.endswith("Leap status     : Normal\n")


def test_sources_come_from_all_files(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (host / "run/chrony/chronyd.pid").write_text(f"{os.getpid()}\n")
    (host / "etc/chrony/conf.d/more.conf").write_text("pool 10.101.0.3\n")
    assert chronyc(host, ["-n", "sources"]) == 0
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split()[:2] for row in rows] == [["^*", "10.101.0.2"], ["^+", "10.101.0.3"]]


def test_nobody_to_ask_is_not_synchronised() -> None:
    assert "Leap status     : Not synchronised" in tracking([])
    assert sources([]).count("\n") == 2


def test_configuration_check_prints_what_it_read(
    host: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chronyd(host, ["-p", "-f", str(host / "etc/chrony/chrony.conf")]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "server 10.101.0.2 iburst"


def test_configuration_check_refuses_an_unknown_directive(
    host: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (host / "etc/chrony/chrony.conf").write_text("servr 10.101.0.2\n")
    assert chronyd(host, ["-p"]) == 1
    assert "Invalid directive servr" in capsys.readouterr().out


def test_missing_configuration_is_fatal(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (host / "etc/chrony/chrony.conf").unlink()
    assert chronyd(host, ["-p"]) == 1
    assert capsys.readouterr().out.startswith("Fatal error : Could not open")
