"""A coolant loop through the CDU that drives it."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from clusterwright.access import interlock
from clusterwright.access.guard import Difference, Guard, Outcome, shown
from clusterwright.access.interlock import LoopLimits
from clusterwright.access.loop_controls import (
    FLOW,
    PRESSURE,
    TEMPERATURE,
    LoopControl,
    find_controls,
)
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import settle
from clusterwright.errors import DeviceRefused

UNKNOWN = LoopLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopState:
    """Set points of the secondary side. None means that the CDU does not hold that quantity.

    `control_mode` is that of every control that holds one; where they differ, all are listed.
    """

    supply_temperature_c: float
    differential_pressure_kpa: float | None = None
    flow_lpm: float | None = None
    control_mode: str


_FIELDS = {
    TEMPERATURE: "supply_temperature_c",
    PRESSURE: "differential_pressure_kpa",
    FLOW: "flow_lpm",
}


async def read(client: Redfish, desired: LoopState | None = None) -> LoopState:
    """Return the set points that `desired` gives, or all that the CDU holds."""
    controls = await find_controls(client)
    return _state(_relevant(client, controls, desired))


def differences(
    desired: LoopState,
    actual: LoopState,
    guard: Guard | None = None,
    limits: LoopLimits = UNKNOWN,
) -> tuple[Difference, ...]:
    """Compare; with a guard, a weakening that it does not permit now is marked pending.

    What stays within known `limits` weakens nothing.
    """
    held = interlock.holds(guard)
    return tuple(
        _difference(name, expected, found, held=held and _weakens(name, expected, found, limits))
        for name, expected, found in _pairs(desired, actual)
        if not _equal(expected, found)
    )


async def apply(
    client: Redfish,
    desired: LoopState,
    guard: Guard,
    *,
    limits: LoopLimits = UNKNOWN,
    deadline_s: float = 60.0,
) -> Outcome[LoopState]:
    """Bring the loop to `desired`, except for weakenings that the interlock holds."""
    controls = _relevant(client, await find_controls(client), desired)
    waiting = {d.path for d in differences(desired, _state(controls), guard, limits) if d.pending}
    for name, control in controls.items():
        body = _change(control, name, desired, waiting)
        if body:
            control.allows(client.name, body.get("SetPoint"))
            await client.patch(*control.write(body))
    settled = await settle(
        client.name,
        lambda: read(client, desired),
        lambda state: tuple(d for d in differences(desired, state, guard, limits) if not d.pending),
        deadline_s=deadline_s,
    )
    return Outcome(state=settled, pending=differences(desired, settled, guard, limits))


def _relevant(
    client: Redfish, controls: Mapping[str, LoopControl], desired: LoopState | None
) -> dict[str, LoopControl]:
    if desired is None:
        return {n: c for n, c in controls.items() if c.mode != "Disabled" or n == TEMPERATURE}
    wanted = [name for name, field in _FIELDS.items() if getattr(desired, field) is not None]
    missing = [name for name in wanted if name not in controls]
    if missing:
        raise DeviceRefused(
            f"{client.name}: {', '.join(missing)}: the CDU's secondary connector has no such "
            f"control; it has {', '.join(controls) or 'none'}: declare a quantity that it controls"
        )
    return {name: controls[name] for name in wanted}


def _state(controls: Mapping[str, LoopControl]) -> LoopState:
    values = {_FIELDS[name]: control.set_point for name, control in controls.items()}
    modes = dict.fromkeys(control.mode for control in controls.values())
    return LoopState(
        supply_temperature_c=values["supply_temperature_c"],
        differential_pressure_kpa=values.get("differential_pressure_kpa"),
        flow_lpm=values.get("flow_lpm"),
        control_mode="/".join(modes),
    )


def _change(
    control: LoopControl, name: str, desired: LoopState, waiting: Collection[str]
) -> dict[str, Any]:
    set_point = getattr(desired, _FIELDS[name])
    change: dict[str, Any] = {}
    if not _equal(set_point, control.set_point) and _FIELDS[name] not in waiting:
        change["SetPoint"] = set_point
    if control.mode != desired.control_mode and "control_mode" not in waiting:
        change["ControlMode"] = desired.control_mode
    return change


def _difference(
    name: str, expected: float | str, found: float | str | None, *, held: bool
) -> Difference:
    return Difference(
        path=name,
        expected=shown(expected),
        actual="(not held)" if found is None else shown(found),
        pending=held,
        remedy=interlock.REMEDY if held else "run clusterwright up",
    )


def _pairs(
    desired: LoopState, actual: LoopState
) -> tuple[tuple[str, float | str, float | str | None], ...]:
    names = (*_FIELDS.values(), "control_mode")
    return tuple(
        (name, expected, getattr(actual, name))
        for name in names
        if (expected := getattr(desired, name)) is not None
    )


def _weakens(
    name: str, expected: float | str, found: float | str | None, limits: LoopLimits
) -> bool:
    if isinstance(expected, str):
        modes = str(found).split("/")
        return any(interlock.lets_go(desired=expected, actual=mode) for mode in modes)
    if not isinstance(found, int | float) or _equal(expected, found):
        return False
    if name == _FIELDS[TEMPERATURE]:
        return interlock.warms(desired_c=expected, actual_c=found, warmest_c=limits.warmest_c)
    least = limits.least_lpm if name == _FIELDS[FLOW] else limits.least_kpa
    return interlock.slows(desired=expected, actual=found, least=least)


def _equal(expected: float | str, found: float | str | None) -> bool:
    """CDUs round their set points to a tenth or so."""
    if isinstance(expected, str) or not isinstance(found, int | float):
        return expected == found
    return math.isclose(expected, found, abs_tol=0.05)
