"""What bad luck gets on a live site: one clear message, nothing lost, and the next run converges.

| what                                | test                                                     |
|-------------------------------------|----------------------------------------------------------|
| unknown key, wrong type, reference  | errors/test_definition (each sentence),                  |
|   to nothing, duplicate, more nodes |   errors/test_command_line (exit code, stderr)           |
|   in a rack than its limit holds,   |                                                          |
|   pool too small for its hosts      |                                                          |
| site that does not exist            | errors/test_command_line                                 |
| no root                             | lab/test_lab_lifecycle; here: up, verify, drift          |
| tools missing                       | errors/test_command_line, unit/test_lab_requirements     |
| passphrase missing, empty, wrong    | errors/test_command_line; here: of a lab                 |
| lab already up                      | lab/test_lab_lifecycle                                   |
| address in use                      | here; two meanings of one address: errors/test_definition|
| BMC unreachable, wrong BMC password,| here                                                     |
|   certificate of another site       |                                                          |
| host without SSH                    | lab/test_bad_luck_hosts                                  |
| full disk under the backend         | here: before a run; provider/test_operate_up: in a run   |
| Ctrl-C in the middle of a BIOS job  | lab/test_bad_luck_interrupted; of a play:                |
|                                     |   lab/test_bad_luck_hosts                                |
| `kill -9` of provider, of engine    | lab/test_bad_luck_interrupted, provider/test_operate_up  |
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clusterwright.vault_file import read_vault, write_vault
from tests.lab.bad_luck import assert_clear, assert_converges, deploy
from tests.lab.conftest import COMMAND, Finished, Instance

pytestmark = pytest.mark.lab

ADDRESS = "10.100.0.11"
SQUATTER = """
import socket, sys
with socket.create_server((sys.argv[1], 443)):
    print("listening", flush=True)
    sys.stdin.read()
"""
SMALL_DISK = 'mount -t tmpfs -o size=16m none "$0" && exec "$@"'


@pytest.fixture(scope="module")
def unlucky(deployed_site: Instance) -> Finished:
    """One run in which each of three nodes has bad luck of its own; then luck returns."""
    with (
        fault(deployed_site, "bmc-unreachable", "su1-n1"),
        fault(deployed_site, "foreign-certificate", "su1-n2"),
        wrong_password(deployed_site, "bmc/su1-n3"),
    ):
        return deploy(deployed_site)


@contextmanager
def fault(site: Instance, name: str, subject: str) -> Iterator[None]:
    set_fault(site, "inject", name, subject)
    try:
        yield
    finally:
        set_fault(site, "clear", name, subject)


@contextmanager
def wrong_password(site: Instance, name: str) -> Iterator[None]:
    """The operator's vault says something else than the device."""
    vault, opener = site.lab.folder.vault, site.lab.passphrase_file
    secrets = read_vault(vault, opener)
    wrong = {**secrets[name], "password": "not-the-password"}
    write_vault(vault, {**secrets, name: wrong}, opener)
    try:
        yield
    finally:
        write_vault(vault, secrets, opener)


def set_fault(site: Instance, verb: str, name: str, subject: str) -> None:
    finished = site.command("lab", "fault", verb, name, subject, "--site", site.site)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(
            "failed: su1-n1-bmc-controller: su1-n1-bmc (10.100.0.11): shows no certificate "
            "(Connection refused); check its power, its management link and its address",
            id="BMC unreachable",
        ),
        pytest.param(
            "failed: su1-n2-bmc-controller: su1-n2-bmc (10.100.0.12): its certificate is of CN=CA "
            "of another site, but it has had one of the site's CA: somebody else may answer here, "
            "and no password was sent; check the cable.",
            id="certificate of another site",
        ),
        pytest.param(
            "failed: su1-n3-bmc-controller: su1-n3-bmc (10.100.0.13): user admin: none of the 1 "
            "passwords that may be its own opens it; reset the account at the device, or correct "
            "the manifest or the vault",
            id="wrong BMC password",
        ),
    ],
)
def test_each_controller_that_fails_is_named_with_the_remedy(
    unlucky: Finished, sentence: str
) -> None:
    assert unlucky.returncode == 1
    assert f"\n{sentence}" in unlucky.stdout, unlucky.stdout
    assert_clear(unlucky)


def test_when_luck_returns_nothing_is_lost(deployed_site: Instance, unlucky: Finished) -> None:
    assert unlucky.returncode == 1
    assert_converges(deployed_site, "none")


@contextmanager
def squatter(site: Instance) -> Iterator[None]:
    """Somebody else answers at the address of a BMC."""
    words = ("lab", "exec", "--site", site.site, "--", sys.executable, "-c", SQUATTER, ADDRESS)
    process = subprocess.Popen(
        [str(COMMAND), *words],
        env=dict(site.variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        yield
    finally:
        process.communicate()


def test_an_address_in_use_is_named(deployed_site: Instance) -> None:
    trouble = ("bmc-unreachable", "su1-n1")
    with fault(deployed_site, *trouble), squatter(deployed_site):
        words = ("lab", "fault", "clear", *trouble, "--site", deployed_site.site)
        finished = deployed_site.command(*words)
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"address {ADDRESS}: port 443 cannot be listened on (")
    assert_clear(finished)
    assert_converges(deployed_site, "none")


@pytest.mark.parametrize(
    ("passphrase", "sentence"),
    [
        pytest.param(None, "which cannot be read (No such file or directory): set it", id="gone"),
        pytest.param("", "which is empty: write the site's passphrase into it", id="empty"),
        pytest.param("other", "whose passphrase does not open the state of stack", id="wrong"),
    ],
)
def test_without_the_passphrase_nothing_is_tried(
    deployed_site: Instance, passphrase: str | None, sentence: str
) -> None:
    file = deployed_site.lab.passphrase_file
    right = file.read_text()
    try:
        file.unlink() if passphrase is None else file.write_text(passphrase)
        finished = deploy(deployed_site)
    finally:
        file.write_text(right)
    assert finished.returncode == 2
    (message,) = finished.stderr.splitlines()
    assert message.startswith(f"PULUMI_CONFIG_PASSPHRASE_FILE is {file}, {sentence}")
    assert_clear(finished)


def test_on_a_disk_that_is_almost_full_nothing_is_tried(deployed_site: Instance) -> None:
    backend = deployed_site.lab.pulumi_backend
    finished = deploy(
        deployed_site, prefix=("unshare", "--mount", "sh", "-c", SMALL_DISK, str(backend))
    )
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == (
        f"backend {backend}: 16 MiB are free on its disk, and a run needs 32 MiB: make room, or "
        "set PULUMI_BACKEND_URL; nothing was changed\n"
    )
    assert_converges(deployed_site, "none")


@pytest.mark.parametrize("verb", ["up", "verify", "drift"])
def test_without_root_nobody_works_on_a_lab(deployed_site: Instance, verb: str) -> None:
    words = (verb, str(deployed_site.definition))
    finished = deployed_site.command(*words, prefix=("unshare", "--user"))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == (
        f"network namespace {deployed_site.lab.namespace}: cannot be entered (Operation not "
        "permitted); run as root\n"
    )
