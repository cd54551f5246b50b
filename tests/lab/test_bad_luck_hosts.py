"""A host that nobody can log in to, and a play that is interrupted: the next run plays it."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clusterwright.lab.namespace import members
from tests.lab.bad_luck import ENGINES_LAST_WORDS, assert_clear, ended, started, told
from tests.lab.conftest import Finished, Instance
from tests.lab.test_lab_lifecycle import wait_until

pytestmark = pytest.mark.lab

FILE = "/etc/sysctl.d/90-clusterwright.conf"
RACK, HOST = "r2", "su1-n3"
# A session that is open outlives its server; it brings the server back when its input ends.
WITHOUT_SSH = "systemctl stop ssh.service && echo stopped; cat; systemctl start ssh.service"


@contextmanager
def without_ssh(site: Instance, host: str) -> Iterator[None]:
    words = ("ssh", "-F", str(site.lab.folder.ssh_config), host, WITHOUT_SSH)
    session = subprocess.Popen(
        ["nsenter", f"--net=/run/netns/{site.lab.namespace}", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert session.stdout is not None
        assert session.stdout.readline() == "stopped\n"
        yield
    finally:
        session.communicate()


def play_words(site: Instance) -> tuple[str, ...]:
    return ("up", str(site.definition), "--layer", "hosts", "--rack", RACK)


def play(site: Instance) -> Finished:
    return site.command(*play_words(site))


def programs_inside(site: Instance) -> str:
    """The command lines of all that works in the lab's network."""
    processes = (Path(f"/proc/{one}/cmdline") for one in members(site.lab.namespace))
    return "\n".join(told(one).replace("\0", " ") for one in processes)


@pytest.fixture(scope="module")
def silent(deployed_site: Instance) -> Finished:
    """The first run on a host whose SSH server does not run."""
    with without_ssh(deployed_site, HOST):
        assert deployed_site.ssh(HOST, "true").returncode == 255
        return play(deployed_site)


def test_a_host_without_ssh_is_named_with_the_remedy(silent: Finished) -> None:
    assert silent.returncode == 1
    assert silent.stdout.splitlines()[-1] == (
        f"failed: {RACK}-hosts: site.yml on rack {RACK}: {HOST}: no login over SSH; "
        "correct that and run clusterwright up again, which plays from the start"
    )
    assert_clear(silent)


def test_when_the_host_answers_again_the_next_run_plays_it(
    deployed_site: Instance, silent: Finished
) -> None:
    assert silent.returncode == 1
    finished = play(deployed_site)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert_clear(finished)
    layout = deployed_site.ssh(HOST, "nvidia-smi --list-gpus").stdout
    assert layout.count("MIG 1g.10gb") == 8 * 7


def test_after_ctrl_c_in_the_middle_of_a_play_nothing_goes_on(deployed_site: Instance) -> None:
    played = play(deployed_site)
    assert played.returncode == 0, played.stdout + played.stderr
    assert deployed_site.ssh(HOST, f"rm {FILE}").returncode == 0
    with started(deployed_site, *play_words(deployed_site)) as process:
        assert process.stdout is not None
        assert any(line.startswith(f"{RACK}-hosts: updating") for line in process.stdout)
        assert wait_until(lambda: "ansible-playbook" in programs_inside(deployed_site))
        process.send_signal(signal.SIGINT)
        finished = ended(process)
    assert "ansible-playbook" not in programs_inside(deployed_site)
    assert finished.returncode == 1
    assert finished.stdout.splitlines()[-1] in ENGINES_LAST_WORDS
    assert_clear(finished)
    finished = play(deployed_site)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert deployed_site.ssh(HOST, f"test -s {FILE}").returncode == 0
