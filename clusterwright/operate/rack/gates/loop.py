"""The loop: flowing and dry at its set point, interlocks armed and tried."""

from dataclasses import dataclass

from clusterwright.access import cooling_loop, leak_policy
from clusterwright.access.leak_policy import LeakState
from clusterwright.access.redfish import Redfish
from clusterwright.design.plan import Controller, CoolingLoop
from clusterwright.errors import DeviceError
from clusterwright.operate.rack.gates import declared, interlocks
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import (
    HELD_UP,
    Check,
    Checks,
    Verdict,
    failed,
    passed,
    unproven,
    worst,
)
from clusterwright.operate.rack.waiting import until
from clusterwright.verify import measurements
from clusterwright.verify.declared import Declared

HOLDS = "coolant and leak detectors are set as the plan declares"
MEASURED = "the loop has reached its set points"
DRY = "no leak detector sees a leak, and none is blind"
ARMED = "a leak would be reacted to at once"


async def look(rack: LiveRack) -> Checks:
    """Ask CDUs and servers; where water is on the floor, nothing else matters."""
    if not rack.loops:
        return (passed(rack.name, "its loop flows", "no loop cools this rack"),)
    dry = await _dry(rack)
    if worst(dry) in HELD_UP:
        return dry
    held = await declared.look(rack, _declared(rack), HOLDS)
    reached = await each(told(lp.cdu, MEASURED, _reached(rack, lp)) for lp in rack.loops)
    armed = {check.subject for check in dry if check.sentence == ARMED and _is_pass(check)}
    seen = [interlocks.reaction_seen(rack, lp) for lp in rack.loops if lp.cdu in armed]
    return (*dry, *held, *reached, *interlocks.known(rack), *seen)


async def act(rack: LiveRack) -> Checks:
    """Set the loop to what is declared, wait for it, and try its interlock; never over a leak."""
    if worst(await _dry(rack)) in HELD_UP:
        return ()
    shown = await declared.act(rack, _declared(rack), HOLDS)
    patience = rack.site.patience
    rack.note("waiting for the loop")

    async def reached() -> Checks:
        return await each(told(lp.cdu, MEASURED, _reached(rack, lp)) for lp in rack.loops)

    await until(
        reached,
        lambda checks: worst(checks) not in HELD_UP,
        deadline_s=patience.loop_s,
        pauses_s=patience.evenly_s(),
    )
    await interlocks.try_all(rack)
    return shown


def _declared(rack: LiveRack) -> list[Declared]:
    """What CDUs hold, and how servers react to a leak."""
    cdus = rack.declared(loop.cdu for loop in rack.loops)
    servers = rack.declared(node.name for node in rack.nodes)
    return [one for one in (*cdus, *servers) if one.kind in (cooling_loop, leak_policy)]


async def _dry(rack: LiveRack) -> Checks:
    """Detectors are of the CDU and, where they have some, of the servers."""
    loops = await each(
        told(lp.cdu, DRY, _detectors(rack, lp.cdu, lp.controller)) for lp in rack.loops
    )
    servers = await each(_server(rack, node.name, node.controller) for node in rack.nodes)
    return (*loops, *servers)


async def _server(rack: LiveRack, name: str, controller: Controller) -> Checks:
    try:
        return await _detectors(rack, name, controller)
    except DeviceError as error:
        return (unproven(name, DRY, str(error)),)


async def _detectors(rack: LiveRack, name: str, controller: Controller) -> Checks:
    async with rack.site.doors.open(controller) as client:
        state = await leak_policy.read(client)
    return (_sees(name, state), _armed(name, state))


def _sees(name: str, state: LeakState) -> Check:
    if state.leaking:
        return failed(
            name,
            DRY,
            f"{', '.join(state.leaking)} sees a leak",
            "find the leak and close it before anything else; then dry the detector",
        )
    if state.blind:
        return failed(
            name, DRY, f"{', '.join(state.blind)} sees nothing", "enable or replace the detector"
        )
    return passed(name, DRY)


def _armed(name: str, state: LeakState) -> Check:
    if "None" in state.reaction.split("/"):
        reason = "its detectors only report: the definition declares no reaction"
        return unproven(name, ARMED, reason)
    return passed(name, ARMED, f"{state.reaction} after {state.delay_s} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _SetPoint:
    """A quantity that the loop must reach, and the sensor that says so."""

    name: str
    sensor: str
    value: float | None
    unit: str


async def _reached(rack: LiveRack, loop: CoolingLoop) -> Checks:
    async with rack.site.doors.open(loop.controller) as client:
        return tuple([await _near(client, loop.cdu, one) for one in _set_points(loop)])


def _set_points(loop: CoolingLoop) -> list[_SetPoint]:
    wanted = (
        ("supply temperature", "SupplyTemperatureCelsius", loop.supply_temperature_c, "°C"),
        ("differential pressure", "DeltaPressurekPa", loop.differential_pressure_kpa, "kPa"),
        ("flow", "FlowLitersPerMinute", loop.flow_lpm, "l/min"),
    )
    found = (_SetPoint(name=n, sensor=s, value=v, unit=u) for n, s, v, u in wanted)
    return [one for one in found if one.value is not None]


async def _near(client: Redfish, cdu: str, wanted: _SetPoint) -> Check:
    value, set_point = await measurements.measured(client, wanted.sensor), wanted.value or 0.0
    allowed = measurements.tolerance_of(set_point, wanted.unit)
    sentence = f"the measured {wanted.name} is near its set point"
    read = f"{value:.1f} {wanted.unit}, set point {set_point:g} ± {allowed:g} {wanted.unit}"
    if abs(value - set_point) <= allowed:
        return passed(cdu, sentence, read)
    return failed(cdu, sentence, read, "see the CDU's pumps, valves, filters and facility water")


def _is_pass(check: Check) -> bool:
    return check.verdict is Verdict.PASS
