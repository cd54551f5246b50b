"""A node's disks: emulated by a file that describes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.errors import HostError


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """One disk as an installer sees it."""

    path: str
    serial: str
    size_gb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How an answer file says which disk it means: by one of three."""

    path: str = ""
    serial: str = ""
    size: str = ""

    def __str__(self) -> str:
        return self.path or self.serial or self.size


def disks_of(host: str) -> tuple[Disk, ...]:
    """Return what a node has: a small disk for its system, a large one for data."""
    return (
        Disk(path="/dev/disk/by-path/pci-0000:01:00.0-nvme-1", serial=f"EMU-{host}-1", size_gb=960),
        Disk(
            path="/dev/disk/by-path/pci-0000:02:00.0-nvme-1", serial=f"EMU-{host}-2", size_gb=3840
        ),
    )


def choose(host: str, choice: Choice) -> Disk:
    """Return the disk that is meant.

    Raises:
        HostError: the node has no such disk.
    """
    disks = sorted(disks_of(host), key=lambda disk: disk.size_gb)
    if choice.size:
        return disks[0] if choice.size == "smallest" else disks[-1]
    found = [disk for disk in disks if str(choice) in (disk.path, disk.serial)]
    if not found:
        there_is = ", ".join(f"{disk.path} (serial {disk.serial})" for disk in disks)
        raise HostError(f"disk {choice}: the server has none such, only {there_is}")
    return found[0]


def divided(disk: Disk, layout: str, filesystem: str) -> Mapping[str, object]:
    """Describe what a disk holds after it was divided."""
    return {
        "path": disk.path,
        "serial": disk.serial,
        "size_gb": disk.size_gb,
        "table": "gpt",
        "layout": layout,
        "file_systems": [
            {"mount": "/boot/efi", "type": "vfat"},
            {"mount": "/", "type": filesystem},
        ],
    }
