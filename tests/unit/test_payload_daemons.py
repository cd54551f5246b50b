"""The services beside the driver refuse and hold what the real ones do."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clusterwright.lab.payloads import __path__ as payloads_path
from clusterwright.lab.payloads.emulated_gpu.cli import run
from clusterwright.lab.payloads.emulated_gpu.daemons import (
    fabric_manager,
    fabric_manager_refusal,
    persistenced,
)
from clusterwright.lab.payloads.emulated_gpu.machine import Machine
from tests.unit.test_payload_nvidia_smi import build_machine

PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from emulated_gpu import daemons
from emulated_gpu.machine import Machine
sys.exit(getattr(daemons, sys.argv[2])(Machine(root=Path(sys.argv[3])), sys.argv[4:]))
"""


@pytest.fixture
def node(tmp_path: Path) -> Machine:
    machine = build_machine(tmp_path, "NVIDIA H100 80GB HBM3", count=2)
    machine.fabric_manager_version_file.write_text("580.178.04\n")
    return machine


@contextmanager
def started(machine: Machine, name: str, *arguments: str) -> Iterator[None]:
    """Start a daemon, lend the time that it runs, and wait for its end."""
    command = [sys.executable, "-c", PROGRAM, payloads_path[0], name, str(machine.root)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE) as starter:
        assert starter.wait() == 0
        (pid_file,) = machine.root.glob("run/nvidia-*/*.pid")
        try:
            yield
        finally:
            os.kill(int(pid_file.read_text()), signal.SIGTERM)
            assert starter.stdout is not None
            # The daemon holds the pipe until its end.
            starter.stdout.read()


def modes(machine: Machine) -> set[str]:
    query = ["--query-gpu=persistence_mode", "--format=csv,noheader"]
    return set(run(machine, query).text.split())


def fabric(machine: Machine) -> set[str]:
    query = ["--query-gpu=fabric.state,fabric.status", "--format=csv,noheader"]
    return set(run(machine, query).text.splitlines())


def test_persistence_mode_holds_while_the_daemon_runs(node: Machine) -> None:
    with started(node, "persistenced", "--user", "root", "--persistence-mode"):
        assert modes(node) == {"Enabled"}
    assert modes(node) == {"Disabled"}


def test_packaged_options_leave_persistence_mode_off(node: Machine) -> None:
    with started(node, "persistenced", "--user", "root", "--no-persistence-mode", "--verbose"):
        assert modes(node) == {"Disabled"}


def test_persistence_daemon_needs_its_user(
    node: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert persistenced(node, ["--user", "nobody-here"]) == 1
    assert "Failed to find user ID of user 'nobody-here'" in capsys.readouterr().out


def test_persistence_daemon_needs_a_gpu(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert persistenced(Machine(root=tmp_path), ["--user=root"]) == 1
    assert "Failed to query NVIDIA devices" in capsys.readouterr().out


def test_fabric_is_complete_while_fabric_manager_runs(node: Machine) -> None:
    assert fabric(node) == {"Not Started, N/A"}
    with started(node, "fabric_manager", "--mode", "start"):
        assert fabric(node) == {"Completed, Success"}
    assert fabric(node) == {"Not Started, N/A"}


def test_precheck_starts_nothing(node: Machine) -> None:
    assert fabric_manager(node, ["--mode", "precheck"]) == 0
    assert not node.fabric_manager_pid_file.exists()


def test_fabric_manager_of_another_version_refuses(node: Machine) -> None:
    node.fabric_manager_version_file.write_text("580.178.03\n")
    assert fabric_manager_refusal(node).startswith(
        "fabric manager NVIDIA GPU driver interface version 580.178.03 "
        "don't match with driver version 580.178.04"
    )
    assert fabric_manager(node, ["--mode", "precheck"]) == 1


def test_fabric_manager_without_a_switch_has_nothing_to_do(tmp_path: Path) -> None:
    node = build_machine(tmp_path, "NVIDIA H100 80GB HBM3", nvswitch=False)
    assert fabric_manager_refusal(node).startswith("NV_WARN_NOTHING_TO_DO")
    assert fabric(node) == {"N/A, N/A"}


def test_pid_of_nobody_is_no_fabric_manager(node: Machine) -> None:
    node.fabric_manager_pid_file.parent.mkdir(parents=True)
    node.fabric_manager_pid_file.write_text("0x\n")
    assert fabric(node) == {"Not Started, N/A"}
