"""A device stays after all: what was begun is given up, what was destroyed stays so."""

import asyncio

from clusterwright.access.vault import CERTIFICATE, TAKEN_OVER, factory_secret
from clusterwright.errors import UsageError
from clusterwright.model.record import DeviceRecord, NodeRecord, Record
from clusterwright.operate.decommission.device import NODE, Departing
from clusterwright.operate.decommission.handover import handed_over_secret
from clusterwright.operate.decommission.leaving import leaving_of
from clusterwright.operate.decommission.task import Task
from clusterwright.record_file import change_record, read_record
from clusterwright.vault_file import Secrets, change_vault

HANDED_OVER = "accounts"
"""From this step's end on its controllers may be strangers again."""


async def cancel(task: Task) -> None:
    """Let it be new again: whatever it has lost, `clusterwright rack` gives it anew.

    Raises:
        UsageError: its decommissioning has not begun, or it has left the record already.
    """
    record = read_record(task.folder.record)
    known = leaving_of(record, task.name)
    if known is None:
        raise UsageError(f"{task.name}: is not being decommissioned: there is nothing to cancel")
    if task.name in record.holes:
        raise UsageError(
            f"{task.name}: has left the record already, and cannot stay: go on with "
            f"clusterwright decommission {task.plan.site} {task.name}"
        )
    is_stranger = HANDED_OVER in {*known.proven, *known.by_hand}
    # A login that opens it comes first: without one nobody gets in again.
    if is_stranger:
        await asyncio.to_thread(change_vault, task.folder.vault, lambda one: _met_anew(task, one))
    await asyncio.to_thread(
        change_record, task.folder.record, lambda one: _stays(one, task.device, is_stranger)
    )


def _met_anew(task: Task, secrets: Secrets) -> Secrets:
    factory, handed = factory_secret(task.name), handed_over_secret(task.name)
    after = {name: secret for name, secret in secrets.items() if name != handed}
    if handed in secrets and factory not in secrets:
        after[factory] = secrets[handed]
    for name in (one.secret for one in task.controllers if one.secret in after):
        kept = after[name].items()
        after[name] = {key: said for key, said in kept if key not in {TAKEN_OVER, CERTIFICATE}}
    return after


def _stays(record: Record, device: Departing, is_stranger: bool) -> Record:  # noqa: FBT001
    name = device.name
    leaving = {other: one for other, one in record.leaving.items() if other != name}
    nodes = {**record.nodes, **({name: NodeRecord()} if device.kind == NODE else {})}
    devices = dict(record.devices)
    if is_stranger and name in devices:
        devices[name] = _without_fingerprint(devices[name])
    # It has lost what these gates have seen.
    passed = {r: gates for r, gates in record.passed_gates.items() if r not in device.racks}
    return record.model_copy(
        update={"leaving": leaving, "nodes": nodes, "devices": devices, "passed_gates": passed}
    )


def _without_fingerprint(device: DeviceRecord) -> DeviceRecord:
    """It shows another certificate now than the one that it was delivered with."""
    return device.model_copy(update={"fingerprint": ""})
