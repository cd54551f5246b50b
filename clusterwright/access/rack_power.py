"""The outlets of a rack PDU."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.access import interlock
from clusterwright.access.guard import Difference, Guard, Outcome
from clusterwright.access.interlock import Consumers
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.access.settle import settle
from clusterwright.errors import DeviceRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletsState:
    """The power state, On or Off, of outlets by number."""

    outlets: Mapping[int, str]


class _Equipment(Resource):
    rack_pdus = Link("RackPDUs")


class _Pdu(Resource):
    outlets = Link("Outlets")


class _Outlet(Resource):
    id = Field("Id", str)
    power_state = Field("PowerState", str)
    control = Field("Actions/#Outlet.PowerControl/target", str)


async def read(client: Redfish, desired: OutletsState | None = None) -> OutletsState:
    """Return the outlets that `desired` names, or all that the PDU has."""
    found = _by_number(await _outlets(client))
    wanted = found if desired is None else desired.outlets
    return OutletsState(
        outlets={number: found[number].power_state for number in wanted if number in found}
    )


def differences(
    desired: OutletsState,
    actual: OutletsState,
    guard: Guard | None = None,
    consumers: Consumers | None = None,
) -> tuple[Difference, ...]:
    """Compare; with a guard, a cut that may not happen now is marked pending.

    With `consumers`, those cuts are held that somebody would not survive; else all of them.
    """
    held = _held(desired, actual, guard, consumers)
    return tuple(
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


async def apply(
    client: Redfish,
    desired: OutletsState,
    guard: Guard,
    *,
    consumers: Consumers | None = None,
    deadline_s: float = 60.0,
) -> Outcome[OutletsState]:
    """Switch outlets until they are as `desired`, except for cuts that the interlock holds."""
    found = _by_number(await _outlets(client))
    _all_known(client, desired, found)
    actual = OutletsState(outlets={number: found[number].power_state for number in desired.outlets})
    held = _held(desired, actual, guard, consumers)
    wrong = {
        number: state
        for number, state in desired.outlets.items()
        if actual.outlets[number] != state and number not in held
    }
    # What gets power comes first, so that a device moved to another outlet never loses both.
    for number in sorted(wrong, key=lambda number: (wrong[number] != "On", number)):
        await client.post(found[number].control, {"PowerState": wrong[number]})

    def left(state: OutletsState) -> tuple[Difference, ...]:
        return tuple(d for d in differences(desired, state, guard, consumers) if not d.pending)

    settled = await settle(client.name, lambda: read(client, desired), left, deadline_s=deadline_s)
    return Outcome(state=settled, pending=differences(desired, settled, guard, consumers))


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


async def _outlets(client: Redfish) -> list[_Outlet]:
    path = await from_root(client, "PowerEquipment")
    equipment = _Equipment(client.name, await client.get(path))
    if not equipment.rack_pdus:
        raise DeviceRefused(
            f"{client.name}: {path}: it has no RackPDUs; "
            f"check that this address belongs to a rack PDU"
        )
    pdu = await only_member(client, equipment.rack_pdus, _Pdu)
    return await members(client, pdu.outlets, _Outlet)


def _by_number(outlets: list[_Outlet]) -> Mapping[int, _Outlet]:
    # Vendors write 3, A3, Outlet3 or OUTLET_03. Where digits repeat (A1, B1), only bare ones count.
    numbered = [(re.sub(r"\D", "", outlet.id), outlet) for outlet in outlets]
    digits = [number for number, _ in numbered]
    if len(set(digits)) < len(digits):
        numbered = [(outlet.id, outlet) for outlet in outlets if outlet.id.isdigit()]
    return {int(number): outlet for number, outlet in numbered if number}


def _all_known(client: Redfish, desired: OutletsState, found: Mapping[int, _Outlet]) -> None:
    unknown = [str(number) for number in desired.outlets if number not in found]
    if unknown:
        has = ", ".join(map(str, sorted(found))) or "none that are numbered"
        raise DeviceRefused(
            f"{client.name}: outlet {', '.join(unknown)}: the PDU has no such outlet; "
            f"it has {has}: correct the PDU's model in the definition"
        )
