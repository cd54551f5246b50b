"""Lines of a debconf file: whose question, the question, the type of its answer, the answer."""

from collections.abc import Iterator, Mapping

from clusterwright.errors import HostError

# Questions that the installer asks, with the type of their answers.
_QUESTIONS: Mapping[str, str] = {
    "debian-installer/locale": "string",
    "keyboard-configuration/xkb-keymap": "select",
    "clock-setup/utc": "boolean",
    "clock-setup/ntp": "boolean",
    "clock-setup/ntp-server": "string",
    "time/zone": "string",
    "mirror/country": "string",
    "mirror/protocol": "select",
    "mirror/http/hostname": "string",
    "mirror/http/directory": "string",
    "mirror/http/proxy": "string",
    "mirror/https/hostname": "string",
    "mirror/https/directory": "string",
    "mirror/https/proxy": "string",
    "mirror/suite": "string",
    "apt-setup/services-select": "multiselect",
    "apt-setup/local0/repository": "string",
    "passwd/root-login": "boolean",
    "passwd/root-password-crypted": "password",
    "passwd/make-user": "boolean",
    "passwd/user-fullname": "string",
    "passwd/username": "string",
    "passwd/user-password-crypted": "password",
    "partman/early_command": "string",
    "partman/default_filesystem": "string",
    "partman/choose_partition": "select",
    "partman/confirm": "boolean",
    "partman/confirm_nooverwrite": "boolean",
    "partman/mount_style": "select",
    "partman-auto/method": "string",
    "partman-auto/choose_recipe": "select",
    "partman-auto/expert_recipe": "string",
    "partman-auto-lvm/guided_size": "string",
    "partman-auto-lvm/new_vg_name": "string",
    "partman-auto-lvm/no_boot": "boolean",
    "partman-basicfilesystems/no_swap": "boolean",
    "partman-efi/non_efi_system": "boolean",
    "partman-lvm/confirm": "boolean",
    "partman-lvm/confirm_nooverwrite": "boolean",
    "partman-lvm/device_remove_lvm": "boolean",
    "partman-md/device_remove_md": "boolean",
    "partman-partitioning/confirm_write_new_label": "boolean",
    "tasksel/first": "multiselect",
    "pkgsel/include": "string",
    "pkgsel/upgrade": "select",
    "popularity-contest/participate": "boolean",
    "grub-installer/only_debian": "boolean",
    "grub-installer/bootdev": "string",
    "finish-install/reboot_in_progress": "note",
    "preseed/late_command": "string",
}
_OWNERS = ("d-i", "tasksel", "popularity-contest")


def read_answers(text: str) -> Iterator[tuple[str, str]]:
    """Yield question and answer.

    Raises:
        HostError: the installer asks no such question, or for another type.
    """
    for number, line in _lines(text):
        owner, question, kind, *rest = (*line.split(None, 3), "", "", "")[:4]
        value = rest[0].strip() if rest else ""
        where = f"line {number}: {owner} {question}"
        if owner not in _OWNERS or question not in _QUESTIONS:
            raise HostError(f"{where}: the installer asks no such question")
        if kind != (wanted := _QUESTIONS[question]):
            raise HostError(f"{where}: its answer is a {wanted}, not a {kind or 'word'}")
        if kind == "boolean" and value not in ("true", "false"):
            raise HostError(f"{where}: {value or 'nothing'} is neither true nor false")
        yield question, value


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield whole lines with the number of their first; a backslash at the end goes on."""
    whole, first = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not whole and (not line.strip() or line.lstrip().startswith("#")):
            continue
        first = first or number
        if line.endswith("\\"):
            whole += line.removesuffix("\\")
            continue
        yield first, whole + line
        whole, first = "", 0
    if whole:
        yield first, whole
