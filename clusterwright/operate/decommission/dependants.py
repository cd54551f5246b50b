"""Who depends on a device, and could not do without it: while anybody does, it stays."""

from collections.abc import Iterator

from clusterwright.access import rack_power
from clusterwright.access.interlock import Consumer, Consumers, Cord
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.system import find_system
from clusterwright.design.facility import PowerConsumer, consumers_by_pdu
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.errors import DeviceError, OperationError
from clusterwright.operate.decommission.device import CDU, PDU, SWITCH, Departing
from clusterwright.operate.decommission.task import Task


def needs_it(plan: SitePlan, device: Departing) -> str:
    """Say who needs a device by the plan; an empty text where nobody does."""
    find = {PDU: _fed, CDU: _cooled, SWITCH: _connected}.get(device.kind)
    return next(find(plan, device.name), "") if find else ""


def _fed(plan: SitePlan, pdu: str) -> Iterator[str]:
    nodes = {node.name for node in plan.nodes}
    for one in consumers_by_pdu(plan)[pdu]:
        left = sum(cord.pdu != pdu for cord in one.cords)
        if left < one.needed:
            first = "decommission it first" if one.name in nodes else "plug it in elsewhere first"
            yield (
                f"{pdu}: without it {one.name} has {left} of {one.needed} power supplies that it "
                f"needs: {first}, or exchange the PDU with clusterwright intake {plan.site} FILE "
                f"--replace {pdu}"
            )


def _cooled(plan: SitePlan, cdu: str) -> Iterator[str]:
    racks = {rack for loop in plan.loops if loop.cdu == cdu for rack in loop.racks}
    if cooled := " ".join(node.name for node in plan.nodes if node.mount.rack in racks):
        yield (
            f"{cdu}: cools {cooled}, and without it they must not run: decommission them first, or "
            f"exchange the CDU with clusterwright intake {plan.site} FILE --replace {cdu}"
        )


def _connected(plan: SitePlan, switch: str) -> Iterator[str]:
    ends = [(link.a, link.b) for link in plan.links if switch in (link.a.device, link.b.device)]
    beside = {end.device for pair in ends for end in pair} - {switch}
    working = ServiceState.IN_SERVICE
    busy = [n.name for n in plan.nodes if n.name in beside and n.service_state is working]
    if names := " ".join(busy):
        yield (
            f"{switch}: {names}: is in service, and has a port on it: drain it first: "
            f"clusterwright drain {plan.site} {names}"
        )


async def look(task: Task) -> tuple[str, ...]:
    """Say who would lose power now: another cord may be dark already.

    Raises:
        OperationError: somebody would.
    """
    hanging = consumers_by_pdu(task.plan)[task.name]
    pdu = next(one for one in task.plan.pdus if one.name == task.name)
    seen = Consumers(
        pdu=pdu.name,
        all=tuple([await _consumer(task, one) for one in hanging]),
        dark=frozenset(await _dark(task, hanging)),
    )
    if losers := seen.losers(range(1, pdu.outlet_count + 1)):
        raise OperationError(
            f"{', '.join(losers)} would lose power, as other cords are dark: put them right with "
            f"clusterwright up {task.plan.site}, or switch off what hangs on {task.name}"
        )
    return ()


async def act(_task: Task) -> None:
    """Nothing is to be done: it either may leave, or not."""


async def _consumer(task: Task, one: PowerConsumer) -> Consumer:
    cords = frozenset((cord.pdu, cord.outlet) for cord in one.cords)
    powered = True
    if one.controller:
        try:
            async with task.doors.open(one.controller) as client:
                powered = (await find_system(client)).power_state != "Off"
        except DeviceError as error:
            task.note(f"{task.name}: {one.name} counts as powered: {error}")
    return Consumer(name=one.name, cords=cords, needed=one.needed, powered=powered)


async def _dark(task: Task, hanging: tuple[PowerConsumer, ...]) -> set[Cord]:
    """A PDU that does not answer may give power or not: nobody relies on it."""
    dark: set[Cord] = set()
    cords = {(c.pdu, c.outlet) for one in hanging for c in one.cords if c.pdu != task.name}
    for pdu in (one for one in task.plan.pdus if any(one.name == name for name, _ in cords)):
        numbers = sorted(outlet for name, outlet in cords if name == pdu.name)
        wanted = OutletsState(outlets=dict.fromkeys(numbers, "On"))
        try:
            async with task.doors.open(pdu.controller) as client:
                found = (await rack_power.read(client, wanted)).outlets
        except DeviceError:
            found = {}
        dark |= {(pdu.name, number) for number in numbers if found.get(number) != "On"}
    return dark
