"""The host goes down, and in the end its outlets, through the interlock like every other cut."""

from collections.abc import Mapping

from clusterwright.access import emergency, rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.interlock import Consumer, Consumers
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.system import find_system
from clusterwright.design.plan import Pdu
from clusterwright.errors import OperationError
from clusterwright.operate.decommission.task import Task

_BUSY = Guard(in_service=True)
"""Others hang on its PDUs: only what nobody else would miss may be cut."""
_ASKED = Guard(in_service=False)
"""Whoever hangs on it survives the loss of all of it."""


async def look_host(task: Task) -> tuple[str, ...]:
    """Say whether the host still runs; without power it does not."""
    if task.device.power_supplies and not await look_outlets(task):
        return ()
    async with task.doors.open(task.controllers[0]) as client:
        off = (await find_system(client)).power_state == "Off"
    return () if off else (f"shut down {task.name}",)


async def act_host(task: Task) -> None:
    """Ask it to shut down, and force it after a while."""
    grace_s = task.patience.grace_s
    done = await emergency.power_off(
        [{task.name: lambda: task.doors.open(task.controllers[0])}],
        grace_s=grace_s,
        deadline_s=grace_s + task.patience.settle_s,
    )
    if done.failed:
        raise OperationError(done.failed[task.name])


async def look_outlets(task: Task) -> tuple[str, ...]:
    """Say which of its outlets are on."""
    found = []
    for pdu, wanted in _outlets(task).items():
        async with task.doors.open(_pdu(task, pdu).controller) as client:
            actual = await rack_power.read(client, wanted)
        wrong = rack_power.differences(wanted, actual)
        if numbers := ", ".join(one.path.rpartition(".")[2] for one in wrong):
            found.append(f"switch off outlets {numbers} of {pdu}")
    return tuple(found)


async def act_outlets(task: Task) -> None:
    """Cut them, one PDU after the other."""
    for pdu, wanted in _outlets(task).items():
        async with task.doors.open(_pdu(task, pdu).controller) as client:
            outcome = await rack_power.apply(
                client,
                wanted,
                _BUSY,
                consumers=_consumers(task, pdu, wanted),
                deadline_s=task.patience.settle_s,
            )
        if held := outcome.pending:
            raise OperationError(
                f"{pdu}: outlet {held[0].path.rpartition('.')[2]}: {held[0].remedy}"
            )


async def look_own(task: Task) -> tuple[str, ...]:
    """Say which outlets of the PDU itself are on."""
    async with task.doors.open(task.controllers[0]) as client:
        found = await rack_power.read(client)
    on = ", ".join(str(number) for number, state in found.outlets.items() if state == "On")
    return (f"switch off outlets {on}",) if on else ()


async def act_own(task: Task) -> None:
    """Cut them all: who hangs on them has been asked before."""
    async with task.doors.open(task.controllers[0]) as client:
        found = await rack_power.read(client)
        wanted = OutletsState(outlets=dict.fromkeys(found.outlets, "Off"))
        deadline_s = task.patience.settle_s
        await rack_power.apply(client, wanted, _ASKED, deadline_s=deadline_s)


def _outlets(task: Task) -> Mapping[str, OutletsState]:
    numbers: dict[str, set[int]] = {}
    for supply in task.device.power_supplies:
        numbers.setdefault(supply.pdu, set()).add(supply.outlet)
    return {
        pdu: OutletsState(outlets=dict.fromkeys(sorted(its), "Off"))
        for pdu, its in sorted(numbers.items())
    }


def _pdu(task: Task, name: str) -> Pdu:
    return next(pdu for pdu in task.plan.pdus if pdu.name == name)


def _consumers(task: Task, pdu: str, wanted: OutletsState) -> Consumers:
    """Whoever else the plan has at these outlets would be cut: the node itself is off."""
    cords: dict[str, set[tuple[str, int]]] = {}
    for outlet in _pdu(task, pdu).outlets:
        if outlet.number in wanted.outlets:
            cords.setdefault(outlet.consumer, set()).add((pdu, outlet.number))
    return Consumers(
        pdu=pdu,
        all=tuple(
            Consumer(name=name, cords=frozenset(its), needed=len(its), powered=name != task.name)
            for name, its in cords.items()
        ),
    )
