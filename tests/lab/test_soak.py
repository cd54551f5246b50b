"""What takes too long for every run of the tests: kill points and repetitions, end to end."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.conftest import COMMAND, Instance

pytestmark = [pytest.mark.lab, pytest.mark.soak]

KILL_POINTS_S = (1, 2, 3, 5, 8, 13, 21, 34)
VICTIMS = ("pulumi", "pulumi-resource-clusterwright")
ROUNDS = 10


@pytest.fixture(params=KILL_POINTS_S, ids=lambda seconds: f"after {seconds} s")
def kill_point_s(request: pytest.FixtureRequest) -> int:
    seconds: int = request.param
    return seconds


def descendants(process: int) -> Iterator[int]:
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from descendants(child)


def named(process: int, victim: str) -> bool:
    arguments = Path(f"/proc/{process}/cmdline").read_text().split("\0")
    return victim in {Path(argument).name for argument in arguments[:2]}


@pytest.mark.parametrize("victim", VICTIMS, ids=["the engine", "the provider"])
def test_up_converges_whenever_it_is_killed(
    instance: Instance, kill_point_s: int, victim: str
) -> None:
    assert instance.up().returncode == 0
    command = [str(COMMAND), "up", str(instance.definition)]
    running = subprocess.Popen(
        command, env=dict(instance.variables), stdout=subprocess.PIPE, text=True
    )
    time.sleep(kill_point_s)
    killed = [child for child in descendants(running.pid) if named(child, victim)]
    for process in killed:
        os.kill(process, signal.SIGKILL)
    running.communicate(timeout=300)
    if not killed:
        pytest.skip(f"{victim} did not run {kill_point_s} s after the start")

    again = instance.command("up", str(instance.definition))
    assert again.returncode == 0, again.stdout + again.stderr
    drift = instance.command("drift", str(instance.definition))
    assert drift.returncode == 0, drift.stdout + drift.stderr


def test_labs_come_and_go_without_a_trace(make_instance: Callable[[], Instance]) -> None:
    instance = make_instance()
    for _ in range(ROUNDS):
        assert instance.up().returncode == 0
        assert instance.down().returncode == 0
        assert instance.lab.leftovers() == ()
