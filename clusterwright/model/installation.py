"""Which hosts get their operating system from us, and which one."""

from typing import Annotated, Literal, Self

from pydantic import Field, IPvAnyAddress, StringConstraints, model_validator

from clusterwright.model.base import Model, Name

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\r\n]+$")]
"""Text without a line end: answer files are made of lines."""
PackageName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9+.-]+$")]
UserName = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_-]{0,31}$")]
PublicKey = Annotated[
    str, StringConstraints(pattern=r"^(ssh-|ecdsa-|sk-)[\w@.-]+ [A-Za-z0-9+/=]+( [\w@. -]+)?$")
]
SecretName = Annotated[str, StringConstraints(pattern=r"^[\w.-]+(/[\w.-]+)*$")]
Release = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]*$")]
DiskPath = Annotated[str, StringConstraints(pattern=r"^/dev/[\w./:+-]+$")]
DiskSerial = Annotated[str, StringConstraints(pattern=r"^[\w.+-]+$")]
Word = Annotated[str, StringConstraints(pattern=r"^[\w.:-]+$")]
Mirror = Annotated[str, StringConstraints(pattern=r"^https?://[\w.:\[\]-]+(/[\w./-]*)?$")]


class Image(Model):
    """An installer's ISO, prepared to trust the site's CA, and where its packages come from."""

    distribution: Literal["debian", "ubuntu"]
    release: Release
    """Its code name, such as `bookworm`, which is also the suite of its mirror."""
    file: Line
    """Path of the ISO: absolute, or from the site's folder."""
    sha256: Sha256 | None = None
    """Needed but on an emulated site, whose lab makes the image."""
    mirror: Mirror
    security_mirror: Mirror | None = None
    """Debian only: where updates for security are, such as http://mirror.example/debian-security."""


class InstalledUser(Model):
    """Somebody who may log in. Without a password, only a key opens."""

    name: UserName
    authorized_keys: tuple[PublicKey, ...] = ()
    key_secret: SecretName | None = None
    """Name in the vault of a login whose `public_key` opens, too: that of Ansible's own."""
    password_secret: SecretName | None = None
    """Name in the vault of a login whose `password_hash` (crypt(5)) is the user's."""
    sudo: bool = False

    @model_validator(mode="after")
    def _somehow_in(self) -> Self:
        if not (self.authorized_keys or self.key_secret or self.password_secret):
            raise ValueError(
                f"user {self.name} has neither key nor password, so nobody can be it: give "
                "authorized_keys, key_secret or password_secret"
            )
        return self


class Disk(Model):
    """The disk that the system goes to: never by a name that another disk may have tomorrow."""

    path: DiskPath | None = None
    """Such as /dev/disk/by-path/pci-0000:01:00.0-nvme-1."""
    serial: DiskSerial | None = None
    size: Literal["smallest", "largest"] | None = None

    @model_validator(mode="after")
    def _by_one(self) -> Self:
        given = [one for one in (self.path, self.serial, self.size) if one]
        if len(given) != 1:
            raise ValueError(
                f"a disk is chosen by one of path, serial and size, but {len(given)} are given: "
                "write exactly one"
            )
        return self


class Storage(Model):
    """How that disk is divided: an EFI partition, and the rest for the system."""

    disk: Disk
    layout: Literal["direct", "lvm"] = "direct"
    filesystem: Literal["ext4", "xfs"] = "ext4"


class Profile(Model):
    """Hosts that are installed alike."""

    image: Name
    method: Literal["virtual-media", "https-boot"] = "virtual-media"
    hosts: tuple[Name, ...] = ()
    """Nodes by name."""
    pools: tuple[Name, ...] = ()
    """All nodes of these pools."""
    storage: Storage
    users: tuple[InstalledUser, ...] = Field(min_length=1)
    packages: tuple[PackageName, ...] = ()
    """Beyond those without which nobody could log in and configure."""
    late_commands: tuple[Line, ...] = ()
    """Run by `sh` in the installed system, in this order; one that fails fails the installation."""


class BootServiceAddress(Model):
    """Where `clusterwright up` serves what is installed: an address of its own machine."""

    address: IPvAnyAddress
    """Reached from the hosts and from their controllers; its certificate is in the vault."""
    port: int = Field(default=8443, ge=1, le=65535)


class Installation(Model):
    """Hosts that are named nowhere in it are installed by hand."""

    boot_service: BootServiceAddress
    images: dict[Name, Image] = Field(min_length=1)
    profiles: dict[Name, Profile] = Field(min_length=1)
    again: dict[Name, Word] = Field(default={})
    """Hosts to install once more; another word for a host asks for it another time."""
