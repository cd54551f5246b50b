"""Its name becomes a hole, and last of all its secrets go."""

import asyncio

from clusterwright.access.vault import factory_secret
from clusterwright.model.record import NodeRecord, Record
from clusterwright.operate.decommission.device import CDU, NODE, PDU, SWITCH, Departing
from clusterwright.operate.decommission.task import Task
from clusterwright.operate.intake.host_keys import forget_host
from clusterwright.record_file import change_record, read_record
from clusterwright.vault_file import Secrets, change_vault, read_vault


async def look_record(task: Task) -> tuple[str, ...]:
    """Say whether the record still has it."""
    record = read_record(task.folder.record)
    if task.name in record.holes and task.name not in record.devices:
        return ()
    addresses = ", ".join(map(str, task.device.addresses))
    return (f"release {task.name} and {addresses}: a hole in the record",)


async def act_record(task: Task) -> None:
    """Take it out of the record; what SSH knew of its host goes first."""
    for host in (task.name, str(task.device.addresses[0])):
        forget_host(task.folder, host)
    device = task.device
    await asyncio.to_thread(change_record, task.folder.record, lambda one: _without(one, device))


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
    others = (f"{kind}/{task.name}" for kind in _OTHERS[task.device.kind])
    return tuple(dict.fromkeys((*own, *others, factory_secret(task.name))))


_OTHERS = {NODE: ("install",), SWITCH: ("switch",), PDU: (), CDU: ()}


def _without(record: Record, device: Departing) -> Record:
    name, kind = device.name, device.kind
    holes = record.holes if name in record.holes else (*record.holes, name)
    opened = device.racks if kind == CDU else ()
    out = {name: NodeRecord(state="out")} if kind == NODE else {}
    return record.model_copy(
        update={
            "holes": holes,
            "nodes": {**record.nodes, **out},
            "devices": {other: one for other, one in record.devices.items() if other != name},
            "sign_offs": {r: gates for r, gates in record.sign_offs.items() if r not in opened},
        }
    )
