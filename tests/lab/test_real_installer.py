"""Debian's own installer, in a virtual machine, makes of a blank disk what the definition says.

The server is QEMU's, with UEFI; its BMC is the lab's. The firmware boots GRUB from the served
medium, GRUB what the boot menu of the host says, and the firmware in the end the disk.
"""

import json
import os
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

from clusterwright.render.answer import render_answer
from tests.installations import plan_of
from tests.lab.real_installer.archive import RELEASE, Archive, archive
from tests.lab.real_installer.installer import fetch_installer
from tests.lab.real_installer.machine import FIRMWARE, SPARE
from tests.lab.real_installer.mirror import Store, serving
from tests.lab.real_installer.scene import Installed, install, network_of, run_inside

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / "build/real-installer"
"""Packages and the installer itself, so that they are fetched once."""
PROGRAMS = ("qemu-system-x86_64", "grub-mkrescue", "mformat", "cpio", "openssl", "ssh-keygen")
# What an emulated server needs: its timer is late, which its kernel would take for a broken one.
LATE = """\
late_commands:
        - echo 'it is ours' > /etc/motd
        - echo 'GRUB_CMDLINE_LINUX="no_timer_check console=ttyS0"' >> /etc/default/grub
        - update-grub
"""
SITE = (("release: bookworm", f"release: {RELEASE}"), ("late_commands: []\n", LATE))
QUESTIONS = {
    "motd": "cat /etc/motd",
    "name": "hostname --fqdn",
    "root": "findmnt --noheadings --output SOURCE,FSTYPE /",
    "disk": "lsblk --noheadings --list --inverse --output NAME,TYPE $(findmnt -no SOURCE /)",
    "efi": "findmnt --noheadings --output FSTYPE /boot/efi",
    "users": "getent passwd root ops audit | cut -d : -f 1,6,7",
    "groups": "id --name --groups ops",
    "passwords": "getent shadow root ops audit | cut -d : -f 1,2",
    "keys": "cat /home/ops/.ssh/authorized_keys /home/audit/.ssh/authorized_keys",
    "modes": "stat --format '%a %U %n' /root/.ssh /home/ops/.ssh /home/audit/.ssh",
    "sudo": "su ops -c 'sudo -n id --user'",
    "packages": "dpkg-query -W -f '${db:Status-Abbrev}${Package}\\n' tmux curl python3",
    "sources": "grep -rhv '^#' /etc/apt/sources.list /etc/apt/sources.list.d",
    "address": "ip -4 -brief address show scope global",
    "route": "ip route show default",
    "logs": "find /var/log/installer -maxdepth 1 -name 'syslog' -perm /077; echo looked",
}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ops@example"

pytestmark = [
    pytest.mark.lab,
    pytest.mark.soak,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes network namespaces"),
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)) or not FIRMWARE.is_dir(),
        reason="QEMU or its firmware is not installed: see tools/soak-packages.txt",
    ),
]


@pytest.fixture(scope="module")
def source() -> Archive:
    found = archive()
    if found is None:
        pytest.skip("apt knows no archive of Debian")
    return found


@pytest.fixture(scope="module")
def done(source: Archive, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The host su1-n1, installed."""
    folder = tmp_path_factory.mktemp("host")
    one = plan_of(folder, *SITE).installations[0]
    store = Store(source.main, KEPT / "mirror")
    installer = fetch_installer(source, store, KEPT)
    if installer is None:
        pytest.skip("the archive has no modules for the kernel of its installer")
    with network_of(one) as network, serving(store, network, str(one.network.gateway)):
        return run_inside(network, lambda: install(one, installer, folder, network, QUESTIONS))


def test_it_comes_to_its_end_without_a_question(done: Installed) -> None:
    assert done.outcome is not None
    assert done.outcome.pending == ()
    assert done.outcome.state.digest == done.order.digest
    assert done.machine.question() == ""


def test_the_key_that_it_reported_is_the_one_that_it_has(done: Installed) -> None:
    """Whoever asked it for the rest believed no other."""
    assert f"clusterwright-installed {done.order.digest}" in done.folder.known_hosts.read_text()
    assert done.facts["motd"] == "it is ours"


def test_the_disk_is_the_one_that_was_named(done: Installed) -> None:
    assert done.facts["root"].split() == ["/dev/mapper/system-root", "ext4"]
    assert done.facts["disk"].split()[-2:] == ["nvme0n1", "disk"]
    assert done.facts["efi"] == "vfat"
    assert (done.machine.folder / SPARE).stat().st_blocks == 0


def test_the_users_are_those_that_were_named(done: Installed) -> None:
    assert done.facts["users"].splitlines() == [
        "root:/root:/bin/bash",
        "ops:/home/ops:/bin/bash",
        "audit:/home/audit:/bin/bash",
    ]
    assert done.facts["groups"] == "ops"
    assert done.facts["passwords"].splitlines() == [
        "root:*",
        f"ops:{done.password_hash}",
        "audit:*",
    ]
    assert done.facts["keys"].splitlines() == [KEY, KEY]
    assert done.facts["modes"].splitlines() == [
        "700 root /root/.ssh",
        "700 ops /home/ops/.ssh",
        "700 audit /home/audit/.ssh",
    ]
    assert done.facts["sudo"] == "0"


def test_packages_come_from_the_mirror_alone(done: Installed) -> None:
    assert done.facts["packages"].splitlines() == ["ii curl", "ii python3", "ii tmux"]
    sources = [line for line in done.facts["sources"].splitlines() if line]
    assert sources
    assert all("http://10.101.0.1/debian" in line for line in sources)


def test_the_network_stays_as_the_boot_menu_said(done: Installed) -> None:
    assert done.facts["name"].partition(".")[0] == "su1-n1"
    assert done.facts["address"].split()[2] == f"{done.order.address}/24"
    assert done.facts["route"].startswith("default via 10.101.0.1 ")


def test_only_root_reads_what_the_installer_was_told(done: Installed) -> None:
    assert done.facts["logs"] == "looked"


def test_cloud_init_knows_all_that_ubuntus_installer_is_told(
    source: Archive, tmp_path: Path
) -> None:
    """No installer of Ubuntu's can be had; what it hands on to the host is cloud-init's."""
    source.unpack("cloud-init", KEPT, tmp_path)
    schema = json.loads(next(tmp_path.rglob("schema-cloud-config-v1.json")).read_text())
    document = yaml.safe_load(render_answer(plan_of(tmp_path).installations[1]).text)
    judge = jsonschema.Draft4Validator(schema)
    for told in (document, document["autoinstall"]["user-data"]):
        assert [error.message for error in judge.iter_errors(told)] == []
    assert list(judge.iter_errors({"users": [{"nom": "root"}]}))
