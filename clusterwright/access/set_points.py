"""The set points of a loop against those that its CDU holds."""

import math
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from clusterwright.access import interlock
from clusterwright.access.interlock import LoopLimits
from clusterwright.access.loop_controls import FLOW, PRESSURE, TEMPERATURE, LoopControl
from clusterwright.access.redfish.client import Redfish
from clusterwright.errors import DeviceRefused

FIELDS = {
    TEMPERATURE: "supply_temperature_c",
    PRESSURE: "differential_pressure_kpa",
    FLOW: "flow_lpm",
}


class SetPoints(Protocol):
    """What a state of a loop says of its set points; None is not held, or not declared."""

    @property
    def supply_temperature_c(self) -> float: ...
    @property
    def differential_pressure_kpa(self) -> float | None: ...
    @property
    def flow_lpm(self) -> float | None: ...
    @property
    def control_mode(self) -> str: ...


def relevant(
    client: Redfish, controls: Mapping[str, LoopControl], desired: SetPoints | None
) -> dict[str, LoopControl]:
    """Return the controls of what is declared, or those that control something now.

    Raises:
        DeviceRefused: the CDU has none for a quantity that is declared.
    """
    if desired is None:
        return {n: c for n, c in controls.items() if c.mode != "Disabled" or n == TEMPERATURE}
    wanted = [name for name, field in FIELDS.items() if getattr(desired, field) is not None]
    missing = [name for name in wanted if name not in controls]
    if missing:
        raise DeviceRefused(
            f"{client.name}: {', '.join(missing)}: the CDU's secondary connector has no such "
            f"control; it has {', '.join(controls) or 'none'}: declare a quantity that it controls"
        )
    return {name: controls[name] for name in wanted}


def values_of(controls: Mapping[str, LoopControl]) -> dict[str, Any]:
    """Return set points and mode by the field of the state; where modes differ, all."""
    modes = dict.fromkeys(control.mode for control in controls.values())
    return {
        **{FIELDS[name]: control.set_point for name, control in controls.items()},
        "control_mode": "/".join(modes),
    }


async def write(
    client: Redfish,
    controls: Mapping[str, LoopControl],
    desired: SetPoints,
    waiting: Collection[str],
) -> None:
    """Write what differs, except for the fields that wait."""
    for name, control in controls.items():
        body = _change(control, name, desired, waiting)
        if body:
            control.allows(client.name, body.get("SetPoint"))
            await client.patch(*control.write(body))


def _change(
    control: LoopControl, name: str, desired: SetPoints, waiting: Collection[str]
) -> dict[str, Any]:
    set_point = getattr(desired, FIELDS[name])
    change: dict[str, Any] = {}
    if not equal(set_point, control.set_point) and FIELDS[name] not in waiting:
        change["SetPoint"] = set_point
    if control.mode != desired.control_mode and "control_mode" not in waiting:
        change["ControlMode"] = desired.control_mode
    return change


def pairs(
    desired: SetPoints, actual: SetPoints
) -> tuple[tuple[str, float | str, float | str | None], ...]:
    """Return what is declared beside what is held, by field."""
    names = (*FIELDS.values(), "control_mode")
    return tuple(
        (name, expected, getattr(actual, name))
        for name in names
        if (expected := getattr(desired, name)) is not None
    )


def weakens(
    name: str, expected: float | str, found: float | str | None, limits: LoopLimits
) -> bool:
    """Whether the loop would cool less, and less than is known to be enough."""
    if isinstance(expected, str):
        modes = str(found).split("/")
        return any(interlock.lets_go(desired=expected, actual=mode) for mode in modes)
    if not isinstance(found, int | float) or equal(expected, found):
        return False
    if name == FIELDS[TEMPERATURE]:
        return interlock.warms(desired_c=expected, actual_c=found, warmest_c=limits.warmest_c)
    least = limits.least_lpm if name == FIELDS[FLOW] else limits.least_kpa
    return interlock.slows(desired=expected, actual=found, least=least)


def equal(expected: float | str, found: float | str | None) -> bool:
    """CDUs round their set points to a tenth or so."""
    if isinstance(expected, str) or not isinstance(found, int | float):
        return expected == found
    return math.isclose(expected, found, abs_tol=0.05)
