"""Interlocks tried: what would endanger servers in service is asked for, and must be held.

The trial claims that servers are in service, so the interlock must say no. It is made only where
none is: if the interlock did not hold, an idle server would lose one supply, or its coolant would
be asked to be one kelvin warmer, for a moment.
"""

from dataclasses import replace

from clusterwright.access import cooling_loop, rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.rack_power import OutletsState
from clusterwright.design.plan import CoolingLoop, Pdu, ServiceState
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import (
    Check,
    Checks,
    failed,
    passed,
    unproven,
    waits,
)

HELD = "the interlock holds back what would endanger servers in service"
REACTED = "a wet leak detector has been seen to make its device react"
_BUSY, _IDLE = Guard(in_service=True), Guard(in_service=False)
_SIGN_OFF = "leak-reaction"


def known(rack: LiveRack) -> Checks:
    """Say what the trials of this run have shown."""
    loops = (_loop_known(rack, loop) for loop in rack.loops)
    return (*loops, *(_known(rack, pdu.name) for pdu in rack.pdus[:1]))


async def try_all(rack: LiveRack) -> None:
    """Try the interlock at every loop, and at one outlet."""
    for loop in rack.loops:
        if not _working(rack, loop):
            rack.tried[f"{loop.cdu} interlock"] = await _try_loop(rack, loop)
    for pdu in rack.pdus[:1]:
        if not rack.working and pdu.outlets:
            rack.tried[f"{pdu.name} interlock"] = await _try_outlet(rack, pdu)


def reaction_seen(rack: LiveRack, loop: CoolingLoop) -> Check:
    """Say whether somebody has wetted a detector: no request can pretend a leak."""
    signed = (
        rack.site.sign_offs.get(name, {}).get(_SIGN_OFF)
        for name in dict.fromkeys((rack.name, *loop.racks))
    )
    if found := next((one for one in signed if one), None):
        return passed(loop.cdu, REACTED, f"{found.value}, signed off by {found.by} ({found.at})")
    return waits(
        loop.cdu,
        REACTED,
        "nobody has signed it off",
        f"wet its detector while its servers are idle, and see it react; then run clusterwright "
        f"sign-off {rack.site.plan.site} {rack.name} {_SIGN_OFF} --by NAME --value done",
    )


def _loop_known(rack: LiveRack, loop: CoolingLoop) -> Check:
    if _working(rack, loop):
        return passed(loop.cdu, HELD, "tried before its servers went into service")
    return _known(rack, loop.cdu)


def _known(rack: LiveRack, name: str) -> Check:
    if rack.working:
        return passed(name, HELD, "tried before its servers went into service")
    return rack.tried.get(f"{name} interlock") or failed(
        name, HELD, "not tried yet", "run without --dry-run, and it is tried"
    )


def _working(rack: LiveRack, loop: CoolingLoop) -> bool:
    return any(
        node.mount.rack in loop.racks and node.service_state is ServiceState.IN_SERVICE
        for node in rack.site.plan.nodes
    )


async def _try_loop(rack: LiveRack, loop: CoolingLoop) -> Check:
    async with rack.site.doors.open(loop.controller) as client:
        before = await cooling_loop.read(client)
        if "/" in before.control_mode:
            return unproven(loop.cdu, HELD, f"its controls are in several modes: {before}")
        warmer = replace(before, supply_temperature_c=before.supply_temperature_c + 1)
        outcome = await cooling_loop.apply(client, warmer, _BUSY)
        if outcome.pending and outcome.state == before:
            return passed(loop.cdu, HELD, f"asked for {warmer.supply_temperature_c:g} °C: held")
        await cooling_loop.apply(client, before, _IDLE)
    return _not_held(loop.cdu, "a supply one kelvin warmer was set")


async def _try_outlet(rack: LiveRack, pdu: Pdu) -> Check:
    outlet = pdu.outlets[0]
    cut, back = (OutletsState(outlets={outlet.number: state}) for state in ("Off", "On"))
    async with rack.site.doors.open(pdu.controller) as client:
        outcome = await rack_power.apply(client, cut, _BUSY)
        if outcome.pending and outcome.state == back:
            return passed(pdu.name, HELD, f"asked to cut outlet {outlet.number}: held")
        await rack_power.apply(client, back, _IDLE)
    return _not_held(pdu.name, f"outlet {outlet.number} was cut")


def _not_held(name: str, what: str) -> Check:
    remedy = "put nothing into service; this is a fault of clusterwright, and its makers must know"
    return failed(name, HELD, f"{what}, and has been put back", remedy)
