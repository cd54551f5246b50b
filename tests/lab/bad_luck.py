"""A site with bad luck: how it is deployed, and how a deployment is met in the middle of a job."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any

from tests.lab.conftest import COMMAND, Finished, Instance
from tests.lab.test_lab_lifecycle import wait_until

SYSTEM = "/redfish/v1/Systems/1"
RESET = f"{SYSTEM}/Actions/ComputerSystem.Reset"
ATTRIBUTE, PLANNED, OTHER = "SriovSupport", "Enabled", "Disabled"
# As long as a node's operating system resists its shutdown, its BIOS job stays unfinished. It does
# until the test is through with it, however slow the machine is.
STUBBORN = (
    "systemd-run --quiet --unit=stubborn --property=TimeoutStopSec=1200 "
    "sh -c 'trap \"\" TERM; while :; do sleep 1; done'"
)
NOISE = ("traceback", "grpc", "rpc error", "asyncio", "this is a bug")
ENGINES_LAST_WORDS = {"update canceled", "update failed"}
# Generous: a run may end what it has begun, on a slow machine, and the engine writes its state.
PATIENCE_S = 600


def up_words(site: Instance) -> tuple[str, ...]:
    return ("up", str(site.definition), "--layer", "facility")


def deploy(site: Instance, prefix: tuple[str, ...] = ()) -> Finished:
    return site.command(*up_words(site), prefix=prefix)


def assert_clear(finished: Finished) -> None:
    """Nothing that only a programmer understands."""
    words = (finished.stdout + finished.stderr).lower()
    assert [noise for noise in NOISE if noise in words] == [], words


def assert_converges(site: Instance, changes: str) -> list[str]:
    """The next run does what is left, and finds nothing of the site lost. Returns what it says."""
    return as_changed(deploy(site), changes)


def assert_goes_on(site: Instance, node: str, changes: str) -> list[str]:
    """The next run takes up a BIOS job that is still under way. Returns what it says."""
    with started(site, *up_words(site)) as process:
        assert process.stdout is not None
        said: list[str] = []
        while not (said and said[-1].startswith((f"{node}: updating", f"{node}: creating"))):
            said.append(process.stdout.readline())
            assert said[-1], "it ended without a word about the node: " + "".join(said)
        end_resistance(site)
        finished = ended(process)
    finished.stdout = "".join(said) + finished.stdout
    return as_changed(finished, changes)


def as_changed(finished: Finished, changes: str) -> list[str]:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    words: list[str] = finished.stdout.splitlines()
    assert words[-1] == f"changes: {changes}", finished.stdout
    assert_clear(finished)
    return words


def remembered(site: Instance, node: str) -> dict[str, Any]:
    """What the controller of a node knows, in the middle of a job as well."""
    document: dict[str, Any] = json.loads((site.lab.state / f"devices/{node}.json").read_text())
    return document


def change_bios(site: Instance, node: str) -> None:
    """Change an attribute as somebody at the BMC would: it is taken at a restart."""
    site.redfish(node, "PATCH", f"{SYSTEM}/Bios/Settings", {"Attributes": {ATTRIBUTE: OTHER}})
    site.redfish(node, "POST", RESET, {"ResetType": "ForceRestart"})
    assert wait_until(lambda: remembered(site, node)["bios"][ATTRIBUTE] == OTHER)
    assert wait_until(lambda: site.ssh(node, "true").returncode == 0)


@contextmanager
def bios_job(
    site: Instance, node: str, *, command: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    """Run `up` until it is in the middle of a BIOS job, which does not end before this does.

    `command` is another command of `clusterwright` that deploys the node.
    """
    change_bios(site, node)
    finished = site.ssh(node, STUBBORN)
    assert finished.returncode == 0, finished.stderr
    try:
        with started(site, *(command or up_words(site))) as process:
            planned = {ATTRIBUTE: PLANNED}
            assert wait_until(lambda: remembered(site, node)["bios_pending"] == planned)
            yield process
    finally:
        end_resistance(site)


def end_resistance(site: Instance) -> None:
    """Let the host shut down: nobody can log in to it any more."""
    for members in site.lab.cgroup.glob("hosts/*/system.slice/stubborn.service/cgroup.procs"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it may end by itself meanwhile
            for process in members.read_text().split():
                os.kill(int(process), signal.SIGKILL)


@contextmanager
def started(site: Instance, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run `clusterwright WORDS` beside the test, in a process group of its own."""
    process = subprocess.Popen(
        [str(COMMAND), *words],
        env=dict(site.variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> Finished:
    """Wait for it, and return what nobody has read of it yet.

    `communicate` would leave out the lines that have come with the last one that was read.
    """
    assert process.stdout is not None
    patience = Timer(PATIENCE_S, os.killpg, (process.pid, signal.SIGKILL))
    patience.start()
    try:
        words = process.stdout.read()
        process.wait()
    finally:
        patience.cancel()
    return subprocess.CompletedProcess(process.args, process.returncode, words, "")


def started_by(process: int) -> dict[int, str]:
    """The command lines of a process's children, by their numbers."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(number) for file in lists for number in told(file).split()]
    return {one: told(Path(f"/proc/{one}/cmdline")).replace("\0", " ") for one in children}


def told(file: Path) -> str:
    """What the kernel says in a file of a process or thread; nothing where that has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return file.read_text()
    return ""
