"""The outlets of a rack PDU: their power, their sequence after an outage, and when they warn."""

import asyncio
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from clusterwright.access import interlock
from clusterwright.access.guard import Difference, Guard, Outcome, shown
from clusterwright.access.interlock import Consumers
from clusterwright.access.pdu_alarms import Alarms, find_alarms
from clusterwright.access.pdu_outlets import DELAYS, Outlet, Strip, find_strip
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.settle import settle
from clusterwright.errors import DeviceRefused

NOT_HELD = "(not held)"
_NO_ALARM = "no sensor holds it: write alarms: false under pdus in the definition"
_CANNOT = {
    "delays_s": "the outlet holds none: write sequence: false under pdus in the definition",
    "branch_alarms_amps": _NO_ALARM,
    "outlet_alarms_amps": _NO_ALARM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletsState:
    """The power state, On or Off, of outlets by number, and what else they hold.

    `delays_s` is how long an outlet waits before it comes on, alarms are the amperes at which a
    branch or an outlet warns. What is not named is left alone.
    """

    outlets: Mapping[int, str]
    delays_s: Mapping[int, int] = field(default_factory=dict)
    branch_alarms_amps: Mapping[str, float] = field(default_factory=dict)
    outlet_alarms_amps: Mapping[int, float] = field(default_factory=dict)


async def read(client: Redfish, desired: OutletsState | None = None) -> OutletsState:
    """Return what `desired` names, or all that the PDU has."""
    strip, alarms = await _look(client, desired)
    return _state(strip, alarms, desired)


def differences(
    desired: OutletsState,
    actual: OutletsState,
    guard: Guard | None = None,
    consumers: Consumers | None = None,
) -> tuple[Difference, ...]:
    """Compare; with a guard, a cut that may not happen now is marked pending.

    With `consumers`, those cuts are held that somebody would not survive; else all of them. What
    the PDU cannot hold is pending, too: nothing that is written would change it.
    """
    held = _held(desired, actual, guard, consumers)
    switched = tuple(
        Difference(
            path=f"outlets.{number}",
            expected=expected,
            actual=actual.outlets.get(number, "(no such outlet)"),
            pending=number in held,
            remedy=held.get(number, "run clusterwright up"),
        )
        for number, expected in desired.outlets.items()
        if actual.outlets.get(number) != expected
    )
    return (*switched, *(one for name in _CANNOT for one in _settings(name, desired, actual)))


async def apply(
    client: Redfish,
    desired: OutletsState,
    guard: Guard,
    *,
    consumers: Consumers | None = None,
    deadline_s: float = 60.0,
) -> Outcome[OutletsState]:
    """Bring the PDU to `desired`, except for cuts that the interlock holds."""
    strip, alarms = await _look(client, desired)
    _all_known(client, desired, strip.outlets)
    # What is to come on does so in its order already.
    await _write_delays(client, strip, desired)
    await _write_alarms(client, alarms, desired)
    on, off = _switches(desired, _state(strip, alarms, desired), guard, consumers)
    # What gets power comes first, so that a device moved to another outlet never loses both.
    await asyncio.gather(*(_switch(client, strip.outlets[number], "On") for number in on))
    for number in off:
        await _switch(client, strip.outlets[number], "Off")

    def left(state: OutletsState) -> tuple[Difference, ...]:
        return tuple(d for d in differences(desired, state, guard, consumers) if not d.pending)

    slowest_s = max((desired.delays_s.get(number, 0) for number in on), default=0)
    settled = await settle(
        client, lambda: read(client, desired), left, deadline_s=deadline_s + slowest_s
    )
    return Outcome(state=settled, pending=differences(desired, settled, guard, consumers))


def _settings(name: str, desired: OutletsState, actual: OutletsState) -> list[Difference]:
    wanted, there = getattr(desired, name), getattr(actual, name)
    return [
        Difference(
            path=f"{name}.{key}",
            expected=shown(value),
            actual=shown(there[key]) if key in there else NOT_HELD,
            pending=key not in there,
            remedy="run clusterwright up" if key in there else _CANNOT[name],
        )
        for key, value in wanted.items()
        if key not in there or not math.isclose(value, there[key], abs_tol=0.05)
    ]


def _switches(
    desired: OutletsState, actual: OutletsState, guard: Guard, consumers: Consumers | None
) -> tuple[list[int], list[int]]:
    held = _held(desired, actual, guard, consumers)
    wrong = sorted(
        number
        for number, state in desired.outlets.items()
        if actual.outlets[number] != state and number not in held
    )
    on = [number for number in wrong if desired.outlets[number] == "On"]
    return on, [number for number in wrong if number not in on]


def _held(
    desired: OutletsState, actual: OutletsState, guard: Guard | None, consumers: Consumers | None
) -> dict[int, str]:
    cuts = [
        number
        for number, state in desired.outlets.items()
        if interlock.cuts_power(desired=state, actual=actual.outlets.get(number, state))
    ]
    off = [number for number, state in actual.outlets.items() if state == "Off"]
    return interlock.held_cuts(guard, consumers, cuts=cuts, off=off)


async def _look(client: Redfish, desired: OutletsState | None) -> tuple[Strip, Alarms]:
    strip = await find_strip(client)
    branches = None if desired is None else desired.branch_alarms_amps
    outlets = None if desired is None else desired.outlet_alarms_amps
    return strip, await find_alarms(client, strip, branches, outlets)


def _state(strip: Strip, alarms: Alarms, desired: OutletsState | None) -> OutletsState:
    found = strip.outlets
    wanted: Collection[int] = desired.outlets if desired else found
    delayed: Mapping[int, int | None] = desired.delays_s if desired else dict.fromkeys(found)
    delays = {n: _delay_s(found[n], wanted) for n, wanted in delayed.items() if n in found}
    return OutletsState(
        outlets={number: found[number].power_state for number in wanted if number in found},
        delays_s={number: delay for number, delay in delays.items() if delay is not None},
        branch_alarms_amps={name: one.amps for name, one in alarms.branches.items()},
        outlet_alarms_amps={number: one.amps for number, one in alarms.outlets.items()},
    )


def _delay_s(outlet: Outlet, wanted: int | None) -> int | None:
    """Return the delay; of two that differ, the one that is not as wanted."""
    there = list(outlet.delays_s.values())
    return next((delay for delay in there if delay != wanted), there[0] if there else None)


async def _write_delays(client: Redfish, strip: Strip, desired: OutletsState) -> None:
    for number, wanted in desired.delays_s.items():
        there = strip.outlets[number].delays_s
        body = {name: wanted for name in DELAYS if there.get(name, wanted) != wanted}
        if body:
            await client.patch(strip.outlets[number].path, body)


async def _write_alarms(client: Redfish, alarms: Alarms, desired: OutletsState) -> None:
    of_branches = ((alarms.branches.get(n), a) for n, a in desired.branch_alarms_amps.items())
    of_outlets = ((alarms.outlets.get(n), a) for n, a in desired.outlet_alarms_amps.items())
    for alarm, amps in (*of_branches, *of_outlets):
        if alarm and not math.isclose(alarm.amps, amps, abs_tol=0.05):
            await alarm.write(client, amps)


async def _switch(client: Redfish, outlet: Outlet, state: str) -> None:
    await client.post(outlet.control, {"PowerState": state})


def _all_known(client: Redfish, desired: OutletsState, found: Mapping[int, Outlet]) -> None:
    named = dict.fromkeys((*desired.outlets, *desired.delays_s))
    unknown = [str(number) for number in named if number not in found]
    if unknown:
        has = ", ".join(map(str, sorted(found))) or "none that are numbered"
        raise DeviceRefused(
            f"{client.name}: outlet {', '.join(unknown)}: the PDU has no such outlet; "
            f"it has {has}: correct the PDU's model in the definition"
        )
