"""Its name becomes a hole, and last of all its secrets go."""

import asyncio

from clusterwright.access.vault import factory_secret
from clusterwright.model.record import NodeRecord, Record
from clusterwright.operate.decommission.task import Task
from clusterwright.operate.intake.host_keys import forget_host
from clusterwright.record_file import change_record, read_record
from clusterwright.vault_file import Secrets, change_vault, read_vault


async def look_record(task: Task) -> tuple[str, ...]:
    """Say whether the record still has it."""
    record = read_record(task.folder.record)
    if task.name in record.holes and task.name not in record.devices:
        return ()
    addresses = (task.node.address, *(one.address for one in task.controllers))
    return (f"release {task.name} and {', '.join(map(str, addresses))}: a hole in the record",)


async def act_record(task: Task) -> None:
    """Take it out of the record; what SSH knew of its host goes first."""
    for host in (task.name, str(task.node.address)):
        forget_host(task.folder, host)
    await asyncio.to_thread(change_record, task.folder.record, lambda one: _without(one, task.name))


async def look_secrets(task: Task) -> tuple[str, ...]:
    """Say which of its secrets the vault still has."""
    known = await asyncio.to_thread(read_vault, task.folder.vault)
    return tuple(f"drop secret {name}" for name in _secrets(task) if name in known)


async def act_secrets(task: Task) -> None:
    """Drop them; the password that it was handed over with stays, where we made it."""
    gone = set(_secrets(task))

    def change(secrets: Secrets) -> Secrets:
        return {name: secret for name, secret in secrets.items() if name not in gone}

    await asyncio.to_thread(change_vault, task.folder.vault, change)


def _secrets(task: Task) -> tuple[str, ...]:
    own = [one.secret for one in task.controllers]
    return tuple(dict.fromkeys((*own, f"install/{task.name}", factory_secret(task.name))))


def _without(record: Record, name: str) -> Record:
    holes = record.holes if name in record.holes else (*record.holes, name)
    return record.model_copy(
        update={
            "holes": holes,
            "nodes": {**record.nodes, name: NodeRecord(state="out")},
            "devices": {other: one for other, one in record.devices.items() if other != name},
        }
    )
