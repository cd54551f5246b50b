"""What is installed on a host, and from where."""

from dataclasses import dataclass
from ipaddress import IPv4Address

from clusterwright.design.plan.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class BootService:
    """Where `clusterwright up` serves images and answer files while it installs."""

    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationImage:
    """An installer's ISO. `sha256` is empty where the lab makes it."""

    name: str
    distribution: str
    release: str
    file: str
    sha256: str
    mirror: str
    security_mirror: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationUser:
    """Somebody who may log in; secrets go by their names in the vault, empty where none is."""

    name: str
    authorized_keys: tuple[str, ...]
    key_secret: str
    password_secret: str
    sudo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationStorage:
    """The disk, by one of three, and how it is divided."""

    disk_path: str
    disk_serial: str
    disk_size: str
    layout: str
    filesystem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One host's operating system. `again` is the word that asks for it once more."""

    host: str
    image: InstallationImage
    method: str
    storage: InstallationStorage
    users: tuple[InstallationUser, ...]
    packages: tuple[str, ...]
    late_commands: tuple[str, ...]
    again: str
    address: IPv4Address
    network: Network
    domain: str
    time_servers: tuple[str, ...]
