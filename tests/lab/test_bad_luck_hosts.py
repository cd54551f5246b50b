"""A host that nobody can log in to: it is named, nothing is lost, and the next run plays it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.lab.bad_luck import assert_clear
from tests.lab.conftest import Finished, Instance

pytestmark = pytest.mark.lab

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


def play(site: Instance) -> Finished:
    words = (str(site.definition), "--layer", "hosts", "--rack", RACK)
    return site.command("up", *words)


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
