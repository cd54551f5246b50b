"""Who depends on a device, and could not do without it: while anybody does, it stays."""

from collections.abc import Collection, Iterable, Iterator

from clusterwright.access import rack_power
from clusterwright.access.interlock import Consumer, Consumers, Cord
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.system import find_system
from clusterwright.design.facility import PowerConsumer, consumers_by_pdu
from clusterwright.design.plan import ServiceState, SitePlan
from clusterwright.errors import DeviceError, OperationError
from clusterwright.operate.decommission.device import CDU, PDU, SWITCH, Departing
from clusterwright.operate.decommission.task import Task
from clusterwright.record_file import read_record


def needs_it(plan: SitePlan, device: Departing, leaving: Collection[str] = ()) -> str:
    """Say who needs a device by the plan; an empty text where nobody does.

    Those that are `leaving` need nothing any more, and nobody can rely on them.
    """
    find = {PDU: _fed, CDU: _cooled, SWITCH: _connected}.get(device.kind)
    return next(find(plan, device.name, {*leaving, device.name}), "") if find else ""


def _fed(plan: SitePlan, pdu: str, leaving: Collection[str]) -> Iterator[str]:
    short = {}
    for one in (one for one in consumers_by_pdu(plan)[pdu] if one.name not in leaving):
        left = sum(cord.pdu not in leaving for cord in one.cords)
        if left < one.needed:
            short[one.name] = f"{one.name} has {left} of {one.needed}"
    if not short:
        return
    may_leave = {node.name for node in plan.nodes} | {switch.name for switch in plan.switches}
    first = (
        _together(plan, short, pdu)
        if may_leave.issuperset(short)
        else "let the definition feed them from elsewhere, or take them out of it, first"
    )
    yield (
        f"{pdu}: without it, these have fewer power supplies than they need: "
        f"{', '.join(short.values())}: {first}, or exchange the PDU with clusterwright intake "
        f"{plan.site} FILE --replace {pdu}"
    )


def _cooled(plan: SitePlan, cdu: str, leaving: Collection[str]) -> Iterator[str]:
    racks = {rack for loop in plan.loops if loop.cdu == cdu for rack in loop.racks}
    inside = [node.name for node in plan.nodes if node.mount.rack in racks]
    if cooled := [name for name in inside if name not in leaving]:
        yield (
            f"{cdu}: cools {' '.join(cooled)}, and without it they must not run: "
            f"{_together(plan, cooled, cdu)}, or exchange the CDU with clusterwright intake "
            f"{plan.site} FILE --replace {cdu}"
        )


def _together(plan: SitePlan, names: Iterable[str], last: str) -> str:
    words = f"clusterwright decommission {plan.site} {' '.join(names)} {last}"
    return f"let them leave first, all in this order with {words}"


def _connected(plan: SitePlan, switch: str, leaving: Collection[str]) -> Iterator[str]:
    ends = [(link.a, link.b) for link in plan.links if switch in (link.a.device, link.b.device)]
    beside = {end.device for pair in ends for end in pair} - {*leaving}
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
    gone = read_record(task.folder.record).holes
    hanging = tuple(c for c in consumers_by_pdu(task.plan)[task.name] if c.name not in gone)
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
