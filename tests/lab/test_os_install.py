"""Hosts are installed from the definition; a wrong answer gives no host, and a sentence."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from clusterwright.lab.authority import make_ca
from clusterwright.lab.instance import Lab
from clusterwright.vault_file import read_vault
from tests.lab.bad_luck import assert_clear, ended, started, started_by
from tests.lab.conftest import Finished, Instance
from tests.lab.os_site import (
    SERVED,
    Stranger,
    boot,
    define,
    hosts_up,
    last_entry,
    remembered,
)
from tests.lab.test_lab_lifecycle import boot_id, wait_until

pytestmark = pytest.mark.lab

WRONG, ADDRESS = "su1-n3", "10.101.0.13"
DIGEST = "cat /etc/clusterwright/installation"


@pytest.fixture(scope="module")
def site(make_instance: Callable[[], Instance]) -> Instance:
    """Power is on, and no disk boots."""
    one = make_instance()
    define(one)
    for finished in (one.up(), one.command("up", str(one.definition), "--layer", "facility")):
        assert finished.returncode == 0, finished.stdout + finished.stderr
    return one


@pytest.fixture(scope="module")
def installed(site: Instance) -> Finished:
    """The run that installs rack r1: one host by virtual media, one by HTTPS boot."""
    finished = site.command(*hosts_up(site, "r1"))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert_clear(finished)
    return finished


def test_a_blank_disk_boots_nothing(site: Instance) -> None:
    assert site.redfish(WRONG, "GET", "/redfish/v1/Systems/1")["PowerState"] == "On"
    assert site.ssh(WRONG, "true").returncode == 255


def test_a_host_is_as_its_debian_answer_file_says(site: Instance, installed: Finished) -> None:
    said = site.ssh("su1-n1", "cat /etc/motd /etc/hostname; id --name --groups ops").stdout
    assert said.splitlines()[:2] == ["installed by us", "su1-n1"]
    assert site.ssh("su1-n1", "dpkg --status tmux").returncode == 0
    assert "NOPASSWD" in site.ssh("su1-n1", "cat /etc/sudoers.d/90-ops").stdout
    keys = site.ssh("su1-n1", "cat /home/ops/.ssh/authorized_keys").stdout
    assert keys == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ops@example\n"
    disk = json.loads(site.ssh("su1-n1", "cat /etc/emulated-disks.json").stdout)
    assert (disk["layout"], disk["size_gb"]) == ("lvm", 960)


def test_a_host_is_as_its_ubuntu_answer_file_says(site: Instance, installed: Finished) -> None:
    assert site.ssh("su1-n2", "cat /etc/hostname").stdout == "su1-n2\n"
    assert site.ssh("su1-n2", "dpkg --status nvme-cli").returncode == 0
    trusted = site.redfish("su1-n2", "GET", "/redfish/v1/Systems/1/Boot/Certificates")
    assert trusted["Members@odata.count"] == 1


def test_the_play_ran_on_what_was_installed(site: Instance, installed: Finished) -> None:
    assert "r1-hosts: created" in installed.stdout
    for host in ("su1-n1", "su1-n2"):
        assert site.ssh(host, "test -s /etc/sysctl.d/90-clusterwright.conf").returncode == 0


def test_nothing_of_the_installation_is_left(site: Instance, installed: Finished) -> None:
    secrets = read_vault(site.lab.folder.vault, site.lab.passphrase_file)
    assert [name for name in secrets if name.startswith("install/")] == []
    assert remembered(site, "su1-n1")["media"] == {}
    assert remembered(site, "su1-n2")["http_boot_uri"] == ""
    lines = site.lab.known_hosts.read_text().splitlines()
    marked = {line.split(",")[0] for line in lines if "clusterwright-installed" in line}
    assert {"su1-n1", "su1-n2"} <= marked


def test_no_token_and_no_answer_is_in_state_or_log(site: Instance, installed: Finished) -> None:
    public = site.lab.ssh_key.with_suffix(".pub").read_text().split()[1]
    state = site.lab.pulumi_backend / f".pulumi/stacks/clusterwright/{site.site}.json"
    for text in (state.read_text(), installed.stdout, installed.stderr):
        assert public not in text
        assert "/host-key" not in text
    assert "@@key ssh/automation@@" in state.read_text()


def test_the_next_run_does_nothing(site: Instance, installed: Finished) -> None:
    before = boot_id(site, "su1-n1")
    finished = site.command(*hosts_up(site, "r1"))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout.splitlines()[-1] == "changes: none"
    assert boot_id(site, "su1-n1") == before


def test_a_changed_answer_file_waits_until_it_is_asked_for(
    site: Instance, installed: Finished
) -> None:
    text = site.definition.read_text()
    before = site.ssh("su1-n1", DIGEST).stdout, boot_id(site, "su1-n1")
    try:
        site.definition.write_text(text.replace("packages: [tmux]", "packages: [tmux, screen]"))
        finished = site.command(*hosts_up(site, "r1"))
        assert finished.returncode == 0, finished.stdout + finished.stderr
        assert "pending: digest" in finished.stdout
        assert "installation.again" in finished.stdout
        drift = site.command("drift", str(site.definition), "--layer", "hosts", "--json")
        assert drift.returncode == 7, drift.stdout + drift.stderr
        found = [one for one in json.loads(drift.stdout)["findings"] if one["subject"] == "su1-n1"]
        assert [one["pending"] for one in found] == [True]
    finally:
        site.definition.write_text(text)
    assert (site.ssh("su1-n1", DIGEST).stdout, boot_id(site, "su1-n1")) == before


GOOD = "d-i debian-installer/locale string en_US.UTF-8\n"
WRONG_FILES = {
    "an unknown question": (
        GOOD + "d-i passwd/root-pasword password x\n",
        f"{SERVED}/preseed.cfg",
        "answer file: line 2: d-i passwd/root-pasword: the installer asks no such question",
    ),
    "a token that is not the host's": (
        GOOD,
        f"{SERVED}/another-token/preseed.cfg",
        "answer file: curl: (22) The requested URL returned error: 404",
    ),
}


@pytest.fixture
def stranger(site: Instance, tmp_path: Path) -> Stranger:
    return Stranger(instance=site, folder=tmp_path)


@pytest.mark.parametrize(("answer", "url", "sentence"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_wrong_answer_gives_no_host(
    site: Instance, stranger: Stranger, answer: str, url: str, sentence: str
) -> None:
    image = stranger.prepare(answer=answer, url=url, host=WRONG, address=ADDRESS)
    with stranger.serving(site.lab.authority):
        task = boot(site, WRONG, image, https=False)
    assert_no_host(site, task, sentence)


@pytest.mark.parametrize(
    ("https", "sentence"),
    [
        pytest.param(False, "answer file: curl: (60) SSL certificate problem", id="answer file"),
        pytest.param(True, "the server's certificate is not trusted", id="https boot"),
    ],
)
def test_another_sites_certificate_gives_no_host(
    site: Instance, stranger: Stranger, tmp_path: Path, *, https: bool, sentence: str
) -> None:
    make_ca(tmp_path / "other", name="another site")
    url = f"{SERVED}/preseed.cfg"
    image = stranger.prepare(answer=GOOD, url=url, host=WRONG, address=ADDRESS)
    with stranger.serving(tmp_path / "other"):
        task = boot(site, WRONG, image, https=https)
    assert_no_host(site, task, sentence)


def assert_no_host(site: Instance, task: dict[str, object], sentence: str) -> None:
    assert task["TaskState"] == "Exception"
    assert sentence in json.dumps(task)
    assert sentence in last_entry(site, WRONG)
    console = site.lab.host_folder(WRONG) / "console.log"
    assert sentence in console.read_text().splitlines()[-1]
    assert site.ssh(WRONG, "true").returncode == 255


def test_an_installation_that_was_killed_is_taken_up_and_not_repeated(site: Instance) -> None:
    attempt = f"install/{WRONG}"
    with started(site, *hosts_up(site, "r2")) as process:
        assert wait_until(lambda: kept(site.lab, attempt).get("fetched") == "yes")
        (engine,) = started_by(process.pid)
        plugins = started_by(engine)
        os.kill(engine, signal.SIGKILL)
        ended(process)
    assert wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in plugins))
    begun = remembered(site, WRONG)["last_reset_at"]
    with started(site, *hosts_up(site, "r2")) as process:
        assert process.stdout is not None
        assert any("an earlier run began" in line for line in process.stdout)
        (site.lab.packages / "go").write_text("go\n")
        finished = ended(process)
    assert finished.returncode == 0, finished.stdout
    assert remembered(site, WRONG)["last_reset_at"] == begun
    assert site.ssh(WRONG, DIGEST).returncode == 0
    assert kept(site.lab, attempt) == {}


def kept(lab: Lab, name: str) -> dict[str, str]:
    return dict(read_vault(lab.folder.vault, lab.passphrase_file).get(name, {}))
