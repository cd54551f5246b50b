"""Drives that a BMC does not show are erased from their host, but not what it runs on."""

import json
from pathlib import Path

import pytest

from clusterwright.access import host_drives
from clusterwright.access.host_drives import Shell, format_drive, list_drives
from clusterwright.access.ssh import Said
from clusterwright.errors import HostError
from clusterwright.site_folder import SiteFolder

DISKS = {
    "blockdevices": [
        {"name": "nvme0n1", "serial": "S0", "model": "Boot ", "size": 1_920_000_000_000}
        | {"type": "disk", "tran": "nvme", "mountpoint": None}
        | {"children": [{"name": "nvme0n1p1", "type": "part", "mountpoint": "/"}]},
        {"name": "nvme1n1", "serial": "S1", "model": "Data", "size": 3_840_000_000_000}
        | {"type": "disk", "tran": "nvme", "mountpoint": None},
        {"name": "sda", "serial": "S2", "model": "Disk", "size": 1_000_000_000_000}
        | {"type": "disk", "tran": "sata", "mountpoint": None},
        {"name": "sr0", "serial": None, "model": "Virtual", "size": 0, "type": "rom"},
    ]
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was run; `lsblk` shows DISKS, and everything else goes well."""
    commands: list[str] = []

    async def run_on(_folder: object, _address: str, _user: str, command: str, **_: float) -> Said:
        commands.append(command)
        return Said(status=0, text=json.dumps(DISKS) if "lsblk" in command else "")

    monkeypatch.setattr(host_drives, "run_on", run_on)
    return commands


def shell(user: str = "root") -> Shell:
    folder = SiteFolder(definition=Path("site.yml"))
    return Shell(folder=folder, name="su1-n1", address="127.0.0.1", user=user)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("serial", "sentence"),
    [
        (
            "S0",
            "su1-n1: drive Boot S0 (1.92 TB): its host runs on it or uses it (/); erase it by hand",
        ),
        ("S1", ""),
        (
            "S2",
            "su1-n1: drive Disk S2 (1 TB): is no NVMe drive, which nvme format could erase; "
            "erase it by hand",
        ),
    ],
    ids=["mounted", "free", "not NVMe"],
)
async def test_only_what_nobody_uses_is_erased(said: list[str], serial: str, sentence: str) -> None:
    drives = await list_drives(shell())
    assert [drive.serial for drive in drives] == ["S0", "S1", "S2"]
    drive = next(one for one in drives if one.serial == serial)
    if sentence:
        with pytest.raises(HostError) as refused:
            await format_drive(shell(), drive)
        assert str(refused.value) == sentence
        assert not any("format" in command for command in said)
    else:
        await format_drive(shell(), drive)
        assert said[-1] == "nvme format --force --ses=1 /dev/nvme1n1"


@pytest.mark.asyncio
async def test_who_is_not_root_asks_for_it(said: list[str]) -> None:
    await list_drives(shell("ops"))
    assert said[0].startswith("sudo -n lsblk ")


@pytest.mark.asyncio
async def test_a_host_that_lets_nobody_in_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run_on(*_: object, **__: object) -> Said:
        return Said(status=None, text="timed out")

    monkeypatch.setattr(host_drives, "run_on", run_on)
    with pytest.raises(HostError) as refused:
        await list_drives(shell())
    assert str(refused.value) == (
        "su1-n1: its drives cannot be listed over SSH (timed out); bring its host up, or erase "
        "them by hand"
    )
