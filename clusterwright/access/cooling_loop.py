"""A coolant loop through the CDU that drives it: set points, the unit, its pumps and valves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clusterwright.access import interlock, leak_policy, set_points
from clusterwright.access.guard import Difference, Guard, Outcome, shown
from clusterwright.access.interlock import LoopLimits
from clusterwright.access.loop_controls import LoopControl, find_controls
from clusterwright.access.loop_parts import (
    ENABLED,
    OPEN,
    LoopParts,
    find_parts,
    run_pumps,
    set_mode,
    set_valve,
)
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import settle
from clusterwright.errors import DeviceRefused

UNKNOWN = LoopLimits()
NOT_HELD = "(not held)"
LEAKS = "find the leak and close it first: coolant would run out of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopState:
    """Set points of the secondary side, and what is switched; None is not held, or not declared.

    `control_mode` is that of every control that holds a set point; where they differ, all are
    listed. `unit` is Enabled or Disabled, `pumps` how many are enabled, `valves` Open or Closed by
    name. `leaking` are detectors that see a leak: nobody declares any.
    """

    supply_temperature_c: float
    differential_pressure_kpa: float | None = None
    flow_lpm: float | None = None
    control_mode: str
    unit: str | None = None
    pumps: int | None = None
    valves: Mapping[str, str] = field(default_factory=dict)
    leaking: tuple[str, ...] = ()


async def read(client: Redfish, desired: LoopState | None = None) -> LoopState:
    """Return what `desired` declares, or all that the CDU holds."""
    controls = set_points.relevant(client, await find_controls(client), desired)
    return await _state(client, controls, await _parts(client, desired), desired)


def differences(
    desired: LoopState,
    actual: LoopState,
    guard: Guard | None = None,
    limits: LoopLimits = UNKNOWN,
) -> tuple[Difference, ...]:
    """Compare; with a guard, what it does not permit now is marked pending.

    What stays within known `limits` weakens nothing. Where it leaks, nothing is opened.
    """
    return tuple(_differences(desired, actual, guard, limits))


async def apply(
    client: Redfish,
    desired: LoopState,
    guard: Guard,
    *,
    limits: LoopLimits = UNKNOWN,
    deadline_s: float = 60.0,
) -> Outcome[LoopState]:
    """Bring the loop to `desired`, except for what the interlock holds."""
    controls = set_points.relevant(client, await find_controls(client), desired)
    parts = await _parts(client, desired)
    actual = await _state(client, controls, parts, desired)
    found = differences(desired, actual, guard, limits)
    waiting = {d.path for d in found if d.pending}
    doing = {d.path for d in found if not d.pending}
    # More coolant comes first, less of it last.
    giving = {path for path in doing if _gives(path, desired, actual)}
    await _switch(client, parts, desired, giving)
    await set_points.write(client, controls, desired, waiting)
    await _switch(client, parts, desired, doing - giving)
    settled = await settle(
        client,
        lambda: read(client, desired),
        lambda state: tuple(d for d in differences(desired, state, guard, limits) if not d.pending),
        deadline_s=deadline_s,
    )
    return Outcome(state=settled, pending=differences(desired, settled, guard, limits))


def _differences(
    desired: LoopState, actual: LoopState, guard: Guard | None, limits: LoopLimits
) -> Iterator[Difference]:
    held = interlock.holds(guard)
    for name, expected, found in set_points.pairs(desired, actual):
        if not set_points.equal(expected, found):
            weaker = set_points.weakens(name, expected, found, limits)
            yield _difference(name, expected, found, interlock.REMEDY if held and weaker else "")
    if desired.pumps is not None and desired.pumps != actual.pumps:
        yield _difference(
            "pumps",
            desired.pumps,
            actual.pumps,
            _why_no_pumps(desired.pumps, actual.pumps, limits, held=held),
        )
    for path, wanted, there in _switched(desired, actual):
        if wanted != there:
            yield _difference(path, wanted, there, _why_not(wanted, there, actual, guard))


def _why_not(wanted: str, there: str | None, actual: LoopState, guard: Guard | None) -> str:
    """Return what must happen before a unit or a valve is switched; nothing where it may be."""
    if interlock.stops(desired=wanted, actual=there or ""):
        return interlock.REMEDY if interlock.holds(guard) else ""
    return LEAKS if guard is not None and actual.leaking else ""


def _why_no_pumps(wanted: int, there: int | None, limits: LoopLimits, *, held: bool) -> str:
    if there is None:
        return "the CDU shows no pumps: nobody can tell how many run"
    weaker = interlock.slows(desired=wanted, actual=there, least=limits.least_pumps)
    return interlock.REMEDY if held and weaker else ""


def _switched(desired: LoopState, actual: LoopState) -> Iterator[tuple[str, str, str | None]]:
    if desired.unit is not None:
        yield "unit", desired.unit, actual.unit
    for name, state in desired.valves.items():
        yield f"valves.{name}", state, actual.valves.get(name)


def _difference(
    name: str, expected: float | str, found: float | str | None, why: str
) -> Difference:
    return Difference(
        path=name,
        expected=shown(expected),
        actual=NOT_HELD if found is None else shown(found),
        pending=bool(why),
        remedy=why or "run clusterwright up",
    )


def _gives(path: str, desired: LoopState, actual: LoopState) -> bool:
    """Whether a difference is one whose end is more coolant."""
    if path == "pumps":
        return (desired.pumps or 0) > (actual.pumps or 0)
    name = path.removeprefix("valves.")
    return (desired.unit if path == "unit" else desired.valves.get(name)) in {ENABLED, OPEN}


async def _parts(client: Redfish, desired: LoopState | None) -> LoopParts | None:
    if desired is None:
        return await find_parts(client)
    if desired.unit is None and desired.pumps is None and not desired.valves:
        return None
    return await find_parts(client, pumps=desired.pumps is not None, valves=desired.valves)


async def _state(
    client: Redfish,
    controls: Mapping[str, LoopControl],
    parts: LoopParts | None,
    desired: LoopState | None,
) -> LoopState:
    values = set_points.values_of(controls)
    if parts is None:
        return LoopState(**values)
    return LoopState(
        **values,
        unit=(parts.unit.state or None) if desired is None or desired.unit else None,
        pumps=parts.pumps_enabled if parts.pumps else None,
        valves={name: valve.state for name, valve in parts.valves.items() if valve.state},
        leaking=await _leaking(client),
    )


async def _leaking(client: Redfish) -> tuple[str, ...]:
    try:
        return (await leak_policy.read(client)).leaking
    except DeviceRefused:
        return ()  # It has no detector that could tell.


async def _switch(
    client: Redfish, parts: LoopParts | None, desired: LoopState, paths: set[str]
) -> None:
    if parts is None:
        return
    for name, valve in parts.valves.items():
        if f"valves.{name}" in paths:
            await set_valve(client, valve, desired.valves[name])
    if "unit" in paths and desired.unit:
        await set_mode(client, parts.unit, desired.unit)
    if "pumps" in paths and desired.pumps is not None:
        await run_pumps(client, parts, desired.pumps)
