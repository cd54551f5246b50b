"""Answer files: judged by Debian's own checker, and by what Ubuntu's manual says of each key."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from clusterwright.design.plan import SitePlan
from clusterwright.render.answer import render_answer, render_answers
from tests.installations import KEY, plan_of

SHAPES = {
    "direct, by path": (),
    "lvm off": (("layout: lvm", "layout: direct"),),
    "xfs by serial": (
        ("{path: /dev/disk/by-path/pci-0000:01:00.0-nvme-1}", "{serial: S4X-12}"),
        ("layout: lvm", "filesystem: xfs"),
    ),
    "one user": (
        (f"- {{name: audit, authorized_keys: [{KEY}]}}\n", "\n"),
        (
            "- {name: ops, authorized_keys: [" + KEY + "], password_secret: user/ops, sudo: true}",
            "",
        ),
    ),
    "late commands with quotes": (
        ("late_commands: []", "late_commands: [\"echo 'a b' \\\"$HOME\\\" | tee /x\", 'true']"),
    ),
    "an https mirror": (("http://10.101.0.1/debian", "https://deb.example"),),
}

# From the reference of Ubuntu's autoinstall (version 1) and cloud-init's users, the keys we use.
TEXT, TRUTH, TEXTS = (str,), (bool,), (list,)
AUTOINSTALL: dict[str, Any] = {
    "version": (int,),
    "locale": TEXT,
    "keyboard": {"layout": TEXT},
    "timezone": TEXT,
    "apt": {"geoip": TRUTH, "mirror-selection": {"primary": TEXTS}},
    "storage": {"layout": {"name": TEXT, "match": {"size": TEXT}}},
    "ssh": {"install-server": TRUTH, "allow-pw": TRUTH},
    "packages": TEXTS,
    "user-data": {
        "hostname": TEXT,
        "fqdn": TEXT,
        "disable_root": TRUTH,
        "ssh_deletekeys": TRUTH,
        "users": TEXTS,
    },
    "late-commands": TEXTS,
    "shutdown": TEXT,
}


@pytest.fixture
def plan(tmp_path: Path) -> SitePlan:
    return plan_of(tmp_path)


# The machine's own databases can be open in one process only.
DEBCONF = """\
Config: answers
Templates: questions

Name: answers
Driver: File
Filename: {folder}/answers.dat

Name: questions
Driver: File
Filename: {folder}/questions.dat
"""


def judge(file: Path) -> subprocess.CompletedProcess[str]:
    """Let Debian say what it thinks of an answer file."""
    settings = file.with_name("debconf.conf")
    settings.write_text(DEBCONF.format(folder=file.parent))
    return subprocess.run(
        ["debconf-set-selections", "--checkonly", str(file)],
        env={**os.environ, "DEBCONF_SYSTEMRC": str(settings)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(
    shutil.which("debconf-set-selections") is None, reason="debconf is not installed"
)
@pytest.mark.parametrize("edits", SHAPES.values(), ids=SHAPES)
def test_debian_accepts_every_answer(tmp_path: Path, edits: tuple[tuple[str, str], ...]) -> None:
    file = tmp_path / "preseed.cfg"
    file.write_text(render_answer(plan_of(tmp_path, *edits).installations[0]).text)
    judged = judge(file)
    assert (judged.returncode, judged.stderr) == (0, "")


def test_a_wrong_answer_is_one_that_debian_refuses(tmp_path: Path, plan: SitePlan) -> None:
    if shutil.which("debconf-set-selections") is None:
        pytest.skip("debconf is not installed")
    file = tmp_path / "preseed.cfg"
    text = render_answer(plan.installations[0]).text
    file.write_text(text.replace("clock-setup/utc boolean", "clock-setup/utc bolean"))
    assert "Unknown type bolean" in judge(file).stderr


def test_every_key_for_ubuntu_is_in_its_manual(plan: SitePlan) -> None:
    text = render_answer(plan.installations[1]).text
    assert text.startswith("#cloud-config\n")
    document = yaml.safe_load(text)
    assert list(document) == ["autoinstall"]
    assert_known(document["autoinstall"], AUTOINSTALL, "autoinstall")
    assert document["autoinstall"]["version"] == 1


def assert_known(tree: dict[str, Any], known: dict[str, Any], path: str) -> None:
    assert set(tree) <= set(known), path
    for key, value in tree.items():
        if isinstance(known[key], dict):
            assert_known(value, known[key], f"{path}.{key}")
        else:
            assert type(value) in known[key], f"{path}.{key}"


def test_late_commands_are_lists_that_end_in_a_shell(plan: SitePlan) -> None:
    commands = yaml.safe_load(render_answer(plan.installations[1]).text)["autoinstall"][
        "late-commands"
    ]
    assert {tuple(command[:5]) for command in commands} == {
        ("curtin", "in-target", "--", "sh", "-c")
    }
    assert "echo 'it is ours' > /etc/motd" in [command[5] for command in commands]


def test_secrets_are_gaps(plan: SitePlan) -> None:
    for one in plan.installations:
        answer = render_answer(one)
        gaps = set(re.findall(r"@@([\w-]+)", answer.text + answer.boot_menu))
        expected = {"key", "ca", "digest", "again", "report-url", "answer-url", "password-hash"}
        assert gaps == expected
    assert "@@password-hash user/ops@@" in render_answer(plan.installations[0]).text


def test_a_user_without_password_cannot_log_in_with_one(plan: SitePlan) -> None:
    text = render_answer(plan.installations[0]).text
    assert "d-i passwd/root-password-crypted password *\n" in text
    assert "--password '\"'\"'*'\"'\"' audit" in text


WITHOUT_ROOT = (
    ("  time_servers: [10.101", "  ssh_user: admin\n  time_servers: [10.101"),
    ("- {name: root,", "- {name: admin, sudo: true,"),
    ("users: [{name: root,", "users: [{name: admin, sudo: true,"),
)


@pytest.mark.parametrize(
    ("edits", "made"),
    [((), ["ops", "audit"]), (WITHOUT_ROOT, ["admin", "ops", "audit"])],
    ids=["with root", "without root"],
)
def test_the_installer_makes_no_user_with_rights_that_nobody_declared(
    tmp_path: Path, edits: tuple[tuple[str, str], ...], made: list[str]
) -> None:
    """Where root may not log in, it would give all rights to the first user that it makes."""
    text = render_answer(plan_of(tmp_path, *edits).installations[0]).text
    assert "d-i passwd/root-login boolean true\n" in text
    assert "d-i passwd/make-user boolean false\n" in text
    assert re.findall(r"in-target sh -c 'useradd .* (\w+)'", text) == made


def test_updates_for_security_come_from_where_the_definition_says(tmp_path: Path) -> None:
    mirror = 'mirror: "http://10.101.0.1/debian"'
    secured = (mirror, f'{mirror}\n      security_mirror: "http://10.101.0.1/debian-security/"')
    text = render_answer(plan_of(tmp_path, secured).installations[0]).text
    line = "http://10.101.0.1/debian-security bookworm-security main\n"
    assert f"d-i apt-setup/local0/repository string {line}" in text


def test_no_host_is_asked_for_packages_that_the_definition_does_not_name(plan: SitePlan) -> None:
    text = render_answer(plan.installations[0]).text
    assert "d-i apt-setup/services-select multiselect updates\n" in text
    assert "apt-setup/local0" not in text
    assert "debian.org" not in text


def test_a_disk_with_several_names_is_found_by_its_serial(tmp_path: Path) -> None:
    """The installer's readlink takes one name."""
    edits = SHAPES["xfs by serial"]
    text = render_answer(plan_of(tmp_path, *edits).installations[0]).text
    command = re.findall(r"early_command string (.*)", text)[0]
    names = tmp_path / "by-id"
    names.mkdir()
    disk = tmp_path / "sdb"
    disk.touch()
    for name in ("ata-DISK_S4X-12", "scsi-SATA_DISK_S4X-12", "ata-DISK_S4X-12-part1"):
        (names / name).symlink_to(disk)
    told = subprocess.run(
        ["sh", "-c", command.replace("debconf-set", "echo").replace("/dev/disk/by-id", str(names))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == f"partman-auto/disk {disk}\n"


CHANGES = {
    "packages": (("packages: [tmux]", "packages: [tmux, screen]"), True),
    "storage": (("layout: lvm", "layout: direct"), True),
    "image": (("release: bookworm", "release: trixie"), True),
    "the word that asks again": (("again: {}", "again: {su1-n1: now}"), False),
    "the other host": (("{size: smallest}", "{size: largest}"), False),
    "the method": (("image: debian\n", "image: debian\n      method: https-boot\n"), False),
}


@pytest.mark.parametrize(("edit", "changes"), CHANGES.values(), ids=CHANGES)
def test_the_digest_changes_with_what_is_installed(
    tmp_path: Path, plan: SitePlan, edit: tuple[str, str], *, changes: bool
) -> None:
    before = render_answer(plan.installations[0]).digest
    after = render_answer(plan_of(tmp_path, edit).installations[0]).digest
    assert (after != before) is changes


def test_both_files_of_every_host_are_rendered_for_review(plan: SitePlan) -> None:
    assert set(render_answers(plan)) == {
        "install/su1-n1/preseed.cfg",
        "install/su1-n1/grub.cfg",
        "install/su1-n2/user-data",
        "install/su1-n2/grub.cfg",
    }
