"""Ubuntu's answer file: every key must be one that its installer, or cloud-init, knows."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from clusterwright.errors import HostError
from clusterwright.lab.installer.answer import Answer, User
from clusterwright.lab.installer.disks import Choice

_TOP = frozenset(
    {
        "version",
        "locale",
        "keyboard",
        "timezone",
        "apt",
        "storage",
        "ssh",
        "packages",
        "user-data",
        "late-commands",
        "shutdown",
    }
)
_USER = frozenset({"name", "shell", "lock_passwd", "hashed_passwd", "ssh_authorized_keys", "sudo"})
_USER_DATA = frozenset({"hostname", "fqdn", "disable_root", "ssh_deletekeys", "users"})


def read_autoinstall(text: str, release: str) -> Answer:
    """Return what an answer file asks for; the installer is that of one `release`.

    Raises:
        HostError: it says something that the installer does not understand, or too little.
    """
    if not text.startswith("#cloud-config\n"):
        raise HostError("user-data: does not begin with #cloud-config, so nobody reads it")
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise HostError(f"user-data: is no YAML: {str(error).splitlines()[0]}") from error
    asked = _part(_known(document, "", {"autoinstall"}), "autoinstall", _TOP)
    if asked.get("version") != 1:
        raise HostError(f"autoinstall.version: is {asked.get('version')}, but must be 1")
    people = _part(asked, "user-data", _USER_DATA)
    if people.get("ssh_deletekeys") is not False:
        raise HostError("user-data.ssh_deletekeys: the first boot makes other host keys")
    layout = _part(_part(asked, "storage", {"layout"}), "layout", {"name", "match"})
    ssh = _part(asked, "ssh", {"install-server", "allow-pw"})
    server = ["openssh-server"] if ssh.get("install-server") else []
    return Answer(
        hostname=_text(people, "hostname"),
        mirror=_mirror(asked),
        release=release,
        packages=tuple(dict.fromkeys([*server, *_texts(asked, "packages")])),
        users=tuple(_users(people)),
        disk=Choice(**_part(layout, "match", {"path", "serial", "size"})),
        layout=_one_of(layout, "name", "direct", "lvm"),
        filesystem="ext4",
        late=tuple(_late(asked)),
    )


def _mirror(asked: Mapping[str, Any]) -> str:
    apt = _part(asked, "apt", {"geoip", "mirror-selection"})
    primary = _part(apt, "mirror-selection", {"primary"}).get("primary")
    if not (isinstance(primary, list) and primary and isinstance(primary[0], dict)):
        raise HostError("apt.mirror-selection.primary: names no mirror")
    return _text(primary[0], "uri")


def _users(people: Mapping[str, Any]) -> Iterator[User]:
    for entry in people.get("users") or ():
        user = _known(entry, "users", _USER)
        locked = user.get("lock_passwd", True)
        yield User(
            name=_text(user, "name"),
            password_hash="!" if locked else _text(user, "hashed_passwd"),
            keys=tuple(_texts(user, "ssh_authorized_keys")),
            sudo=bool(user.get("sudo")),
        )


def _late(asked: Mapping[str, Any]) -> Iterator[str]:
    for command in asked.get("late-commands") or ():
        if isinstance(command, str):
            yield command
        elif isinstance(command, list) and all(isinstance(word, str) for word in command):
            yield shlex.join(command)
        else:
            raise HostError(f"late-commands: {command!r} is neither a text nor a list of texts")


def _part(tree: Mapping[str, Any], name: str, known: frozenset[str] | set[str]) -> dict[str, Any]:
    return _known(tree.get(name) or {}, name, known)


def _known(tree: Any, name: str, known: frozenset[str] | set[str]) -> dict[str, Any]:
    if not isinstance(tree, dict):
        raise HostError(f"{name or 'user-data'}: must be a mapping, but is {tree!r}")
    if strange := sorted(map(str, set(tree) - known)):
        raise HostError(
            f"{f'{name}.' if name else ''}{strange[0]}: the installer knows no such key"
        )
    return tree


def _one_of(tree: Mapping[str, Any], name: str, *known: str) -> str:
    if tree.get(name) not in known:
        raise HostError(f"{name}: is {tree.get(name)!r}, but must be one of {', '.join(known)}")
    return str(tree[name])


def _text(tree: Mapping[str, Any], name: str) -> str:
    if not isinstance(tree.get(name), str) or not tree[name]:
        raise HostError(f"{name}: must be a text, but is {tree.get(name)!r}")
    return str(tree[name])


def _texts(tree: Mapping[str, Any], name: str) -> list[str]:
    values = tree.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise HostError(f"{name}: must be a list of texts")
    return values
