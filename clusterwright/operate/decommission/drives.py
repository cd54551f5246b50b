"""Drives are erased first: later nobody could."""

from functools import partial

from clusterwright.access.drives import Drive, erase, find_drives
from clusterwright.access.host_drives import HostDrive, Shell, format_drive, list_drives
from clusterwright.errors import HostError
from clusterwright.operate.decommission.task import Task, moment


async def look(task: Task) -> tuple[str, ...]:
    """Say which drives are still to be erased."""
    done = task.leaving.erased
    return tuple(f"erase {one}" for one in await _find(task) if one.serial not in done)


async def act(task: Task) -> None:
    """Erase them through the BMC; where that shows none, from the host."""
    async with task.doors.open(task.controllers[0]) as client:
        drives = await find_drives(client)
        left = [one for one in drives if one.serial not in task.leaving.erased]
        kept = partial(_erased, task)
        await erase(client, left, kept, deadline_s=task.patience.erase_s)
    if not drives:
        await _from_host(task)


async def _find(task: Task) -> tuple[Drive | HostDrive, ...]:
    async with task.doors.open(task.controllers[0]) as client:
        found = await find_drives(client)
    return found or await list_drives(_shell(task))


async def _from_host(task: Task) -> None:
    shell = _shell(task)
    failures = []
    for drive in await list_drives(shell):
        if drive.serial in task.leaving.erased:
            continue
        try:
            await format_drive(shell, drive)
        except HostError as error:
            failures.append(error)
            continue
        _erased(task, drive)
    if failures:
        raise HostError("; ".join(map(str, failures)))


def _erased(task: Task, drive: Drive | HostDrive) -> None:
    task.note(f"{task.name}: erased {drive}")
    task.write_now(erased={**task.leaving.erased, drive.serial: moment()})


def _shell(task: Task) -> Shell:
    user = task.plan.software.ssh_user
    return Shell(
        folder=task.folder, name=task.name, address=str(task.device.addresses[0]), user=user
    )
