"""What an answer file asks for, whichever installer it is for."""

from dataclasses import dataclass, field

from clusterwright.lab.installer.disks import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who shall be able to log in; a password goes by its hash."""

    name: str
    password_hash: str = field(default="!", repr=False)
    keys: tuple[str, ...] = ()
    sudo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole installation. `late` are commands for a shell, each of which must succeed."""

    hostname: str
    mirror: str
    release: str
    packages: tuple[str, ...]
    users: tuple[User, ...]
    disk: Choice
    layout: str
    filesystem: str
    late: tuple[str, ...]
