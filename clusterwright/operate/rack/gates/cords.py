"""Cords: each power supply hangs on its planned outlet, feeds are not swapped, lines are loaded
as planned.

An outlet's load alone does not say whose it is. So one cord of a redundant set is cut for a moment,
and the server says which supply has lost its input. Servers in service are not tried.
"""

from clusterwright.design.plan import Node, Pdu, PowerSupply
from clusterwright.errors import DeviceError
from clusterwright.operate.rack.gates import balance
from clusterwright.operate.rack.gates.cord_trial import Trial, dark_supplies, spare, try_cord
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed, unproven
from clusterwright.verify import measurements

HAS_INPUT = "every power supply has its line input"
FEED = "the PDU hangs on its planned feed"
PLANNED = "every cord goes to its planned outlet and feed"


async def look(rack: LiveRack) -> Checks:
    """Read the inputs of all supplies; who hangs where is only known after a trial."""
    seen = await each(told(node.name, HAS_INPUT, _inputs(rack, node)) for node in rack.nodes)
    known = tuple(_known(rack, node) for node in rack.nodes)
    return (*seen, *known, *(_feed(pdu) for pdu in rack.pdus), *await balance.look(rack))


async def act(rack: LiveRack) -> Checks:
    """Try every cord of every idle server, one after the other: only so is it known whose it is."""
    for node in rack.idle:
        rack.tried[node.name] = await _try(rack, node)
    return ()


async def _inputs(rack: LiveRack, node: Node) -> Checks:
    async with rack.site.doors.open(node.controller) as client:
        dark = dark_supplies(await measurements.line_inputs(client))
    planned = {supply.name: supply for supply in node.power_supplies}
    missing = [name for name in dark if name in planned]
    if not missing:
        return (passed(node.name, HAS_INPUT, f"{len(planned)} supplies"),)
    cords = ", ".join(f"{name} ({_outlet(planned[name])})" for name in missing)
    return (
        failed(
            node.name,
            HAS_INPUT,
            f"no input: {cords}",
            "plug the cords in at both ends, and see that their outlets are on",
        ),
    )


def _known(rack: LiveRack, node: Node) -> Check:
    if node in rack.working:
        return passed(
            node.name, PLANNED, "proven before it went into service; not tried while it works"
        )
    if not node.power_supplies:
        return unproven(node.name, PLANNED, "it hangs on a busbar: it has no cords of its own")
    return rack.tried.get(node.name) or failed(
        node.name, PLANNED, "not tried yet", "run without --dry-run, and its cords are tried"
    )


async def _try(rack: LiveRack, node: Node) -> Check:
    found: list[Trial] = []
    try:
        if reason := await spare(rack, node):
            return unproven(node.name, PLANNED, reason)
        for supply in node.power_supplies:
            rack.note(f"{node.name}: the cord of {supply.name}")
            found.append(await try_cord(rack, node, supply))
            if found[-1].left_dark:
                break
    except DeviceError as error:
        return failed(node.name, PLANNED, str(error))
    wrong = [trial for trial in found if trial.wrong]
    if wrong:
        said = "; ".join(trial.found for trial in wrong)
        remedies = dict.fromkeys(trial.remedy for trial in wrong)
        return failed(node.name, PLANNED, said, "; ".join(filter(None, remedies)))
    return passed(node.name, PLANNED, "; ".join(trial.found for trial in found))


def _feed(pdu: Pdu) -> Check:
    return unproven(
        pdu.name,
        FEED,
        "no device tells which feed a PDU hangs on: what it calls its source, somebody has written",
        "read the labels at both ends of its cable; where a feed may go, open its breaker and see "
        "which PDUs do",
    )


def _outlet(supply: PowerSupply) -> str:
    return f"outlet {supply.outlet} of {supply.pdu}"
