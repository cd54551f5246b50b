"""A host's own drives, and how they are erased from within where its BMC does not show them."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clusterwright.access.ssh import Said, run_on
from clusterwright.errors import HostError
from clusterwright.site_folder import SiteFolder

_LIST = "lsblk --json --bytes --output NAME,SERIAL,MODEL,SIZE,TYPE,TRAN,MOUNTPOINT"
_FORMAT = "nvme format --force --ses=1"
_FORMAT_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDrive:
    """One disk as the kernel has it; `unfit` says why it cannot be erased from here."""

    device: str
    serial: str
    model: str
    size_bytes: int
    unfit: str = ""

    def __str__(self) -> str:
        return f"{self.model} {self.serial} ({self.size_bytes / 1e12:g} TB)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """How to run a command on one host; who is not root asks for it."""

    folder: SiteFolder
    name: str
    address: str
    user: str

    async def run(self, command: str, deadline_s: float = 30.0) -> Said:
        """Run a command as root."""
        line = command if self.user == "root" else f"sudo -n {command}"
        return await run_on(self.folder, self.address, self.user, line, deadline_s=deadline_s)


async def list_drives(shell: Shell) -> tuple[HostDrive, ...]:
    """Return all disks of a host.

    Raises:
        HostError: it cannot be reached, or does not say.
    """
    said = await shell.run(_LIST)
    if said.status != 0:
        raise HostError(
            f"{shell.name}: its drives cannot be listed over SSH ({said.text or said.status}); "
            f"bring its host up, or erase them by hand"
        )
    return tuple(map(_drive, _disks(json.loads(said.text))))


async def format_drive(shell: Shell, drive: HostDrive) -> None:
    """Erase a drive.

    Raises:
        HostError: it cannot be erased from here, or nvme says no.
    """
    if drive.unfit:
        raise HostError(f"{shell.name}: drive {drive}: {drive.unfit}; erase it by hand")
    device = shlex.quote(f"/dev/{drive.device}")
    said = await shell.run(f"{_FORMAT} {device}", _FORMAT_S)
    if said.status != 0:
        raise HostError(
            f"{shell.name}: drive {drive}: nvme format ended with "
            f"{said.text or said.status}; erase it by hand"
        )


def _disks(document: Any) -> Iterator[dict[str, Any]]:
    disks = (one for one in document.get("blockdevices", []) if one.get("type") == "disk")
    # What swaps into memory is a disk by its type, and forgets by itself.
    yield from (one for one in disks if not str(one["name"]).startswith("zram"))


def _drive(found: dict[str, Any]) -> HostDrive:
    unfit = ""
    if found.get("tran") != "nvme":
        unfit = "is no NVMe drive, which nvme format could erase"
    elif mounted := next(_mounts(found), ""):
        unfit = f"its host runs on it or uses it ({mounted})"
    return HostDrive(
        device=str(found["name"]),
        serial=str(found.get("serial") or found["name"]),
        model=str(found.get("model") or "drive").strip(),
        size_bytes=int(found.get("size") or 0),
        unfit=unfit,
    )


def _mounts(found: dict[str, Any]) -> Iterator[str]:
    if found.get("mountpoint"):
        yield str(found["mountpoint"])
    for child in found.get("children", []):
        yield from _mounts(child)
