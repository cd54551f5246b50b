"""Debian's answer file: every question that it answers must be one that is asked."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlunsplit

from clusterwright.errors import HostError
from clusterwright.lab.installer.answer import Answer, User
from clusterwright.lab.installer.debconf import read_answers
from clusterwright.lab.installer.disks import Choice

# Without an answer to these the installer stops at its console and waits.
_ASKED = (
    "debian-installer/locale",
    "keyboard-configuration/xkb-keymap",
    "mirror/suite",
    "apt-setup/services-select",
    "passwd/make-user",
    "partman-auto/method",
    "partman-auto/choose_recipe",
    "partman/choose_partition",
    "partman-partitioning/confirm_write_new_label",
    "grub-installer/bootdev",
)
_YES = (
    "partman/confirm",
    "partman/confirm_nooverwrite",
    "partman-partitioning/confirm_write_new_label",
)
_DISK = re.compile(
    r'debconf-set partman-auto/disk "\$\(readlink -f (?:\$\(ls -d /dev/disk/by-id/\*'
    r'(?P<serial>[\w.+-]+) \| head -n 1\)|(?P<path>/dev/[\w./:+-]+))\)"'
)


def read_preseed(text: str, hostname: str) -> Answer:
    """Return what an answer file asks for.

    Raises:
        HostError: it says something that the installer does not understand, or too little.
    """
    answers = dict(read_answers(text))
    for question in _ASKED:
        if not answers.get(question):
            raise HostError(f"{question}: is not answered, and the installer waits at its console")
    if "finish-install/reboot_in_progress" not in answers:
        raise HostError("finish-install/reboot_in_progress: is not answered, and nobody restarts")
    for question in _YES:
        if answers.get(question) != "true":
            raise HostError(f"{question}: is not true, so nothing is written to the disk")
    return Answer(
        hostname=hostname,
        mirror=_mirror(answers),
        release=answers["mirror/suite"],
        packages=tuple(answers.get("pkgsel/include", "").split()),
        users=tuple(_users(answers)),
        disk=_disk(answers),
        layout=_layout(answers),
        filesystem=_filesystem(answers),
        late=(answers["preseed/late_command"],) if "preseed/late_command" in answers else (),
    )


def _mirror(answers: Mapping[str, str]) -> str:
    scheme = answers.get("mirror/protocol", "http")
    host = answers.get(f"mirror/{scheme}/hostname", "")
    folder = answers.get(f"mirror/{scheme}/directory", "")
    if not (host and folder):
        raise HostError(f"mirror/{scheme}/hostname and directory: are not answered")
    return str(urlunsplit((scheme, host, folder, "", "")))


def _users(answers: Mapping[str, str]) -> Iterator[User]:
    if answers.get("passwd/root-login") == "true":
        # The installer takes "!" for no answer.
        hashed = answers.get("passwd/root-password-crypted", "")
        if hashed in ("", "!"):
            raise HostError(
                "passwd/root-password: is not answered, and the installer waits at its console"
            )
        yield User(name="root", password_hash=hashed)
    if answers["passwd/make-user"] == "true":
        name = answers.get("passwd/username", "")
        if not name or "passwd/user-password-crypted" not in answers:
            raise HostError("passwd/username and its password: are not answered")
        yield User(name=name, password_hash=answers["passwd/user-password-crypted"])


def _disk(answers: Mapping[str, str]) -> Choice:
    command = answers.get("partman/early_command", "")
    found = _DISK.fullmatch(command)
    if not found:
        raise HostError(f"partman/early_command: {command or 'nothing'} chooses no disk")
    return Choice(path=found["path"] or "", serial=found["serial"] or "")


def _layout(answers: Mapping[str, str]) -> str:
    method = answers["partman-auto/method"]
    layouts = {"regular": "direct", "lvm": "lvm"}
    if method not in layouts:
        raise HostError(f"partman-auto/method: {method} is neither regular nor lvm")
    if method == "lvm" and answers.get("partman-lvm/confirm") != "true":
        raise HostError("partman-lvm/confirm: is not true, so nothing is written to the disk")
    if method == "lvm" and answers.get("partman-auto-lvm/no_boot") != "true":
        raise HostError("partman-auto-lvm/no_boot: is not true, but the recipe has no /boot")
    return layouts[method]


def _filesystem(answers: Mapping[str, str]) -> str:
    """Read the recipe: sizes, then a file system with its settings, each ended by a dot."""
    name, _, recipe = answers.get("partman-auto/expert_recipe", "").partition("::")
    if name.strip() != answers["partman-auto/choose_recipe"]:
        chosen = answers["partman-auto/choose_recipe"]
        raise HostError(f"partman-auto/choose_recipe: there is no recipe {chosen}")
    parts = [part.split() for part in re.split(r"\s\.(?:\s|$)", recipe) if part.strip()]
    for part in parts:
        if len(part) < 4 or not all(re.fullmatch(r"-?\d+%?", size) for size in part[:3]):
            raise HostError(f"partman-auto/expert_recipe: {' '.join(part)} is no partition")
    root = next((part for part in parts if "mountpoint{" in part and "/" in part), None)
    if root is None or not any("efi" in part for part in parts):
        raise HostError("partman-auto/expert_recipe: has no root or no EFI partition")
    return root[3]
