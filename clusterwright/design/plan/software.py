"""What runs on the hosts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One Debian package at one exact version."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSource:
    """One APT source in the terms of deb822; `key_file` is its signing key on the host."""

    name: str
    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    key_url: str
    key_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """What every host runs on: package sources, time, sysctl, the driver of the GPU nodes."""

    package_sources: tuple[PackageSource, ...]
    time_servers: tuple[str, ...]
    sysctl: tuple[tuple[str, str], ...]
    ssh_user: str
    base_packages: tuple[str, ...]
    gpu_driver_version: str
    gpu_driver_packages: tuple[Package, ...]
