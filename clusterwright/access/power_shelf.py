"""A power shelf: the rectifiers in it, what it can give, and its outputs to the busbar."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clusterwright.access import interlock
from clusterwright.access.guard import Difference, Guard, Outcome, shown
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.access.settle import settle
from clusterwright.errors import DeviceRefused

ENABLED = "Enabled"
_FIT = "fit those that are missing: no request does that"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfState:
    """What a shelf holds: `supplies` rectifiers, of which `needed` must work at least.

    `outputs` are On or Off by name. What is None or not named is not declared, or not shown.
    """

    supplies: int
    needed: int | None = None
    capacity_watts: int | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)


class _Equipment(Resource):
    shelves = Link("PowerShelves")


class _Shelf(Resource):
    outlets = Link("Outlets")
    chassis: Field[list[dict[str, str]]] = Field("Links/Chassis", list, [])


class _Chassis(Resource):
    power = Link("PowerSubsystem")


class _Subsystem(Resource):
    supplies = Link("PowerSupplies")

    @property
    def needed(self) -> int | None:
        """Return the least that must work, of the first group of supplies."""
        groups = self.at("PowerSupplyRedundancy") or [{}]
        needed = groups[0].get("MinNeededInGroup")
        return needed if isinstance(needed, int) else None


class _Supply(Resource):
    id = Field("Id", str)
    state = Field("Status/State", str, "Enabled")


class _Output(Resource):
    id = Field("Id", str)
    power_state = Field("PowerState", str)
    control = Field("Actions/#Outlet.PowerControl/target", str, "")


async def read(client: Redfish, desired: ShelfState | None = None) -> ShelfState:
    """Return what `desired` declares, or all that the shelf shows."""
    subsystem = await _subsystem(client, await _shelf(client))
    supplies = await members(client, subsystem.supplies, _Supply)
    outputs = await _outputs(client) if desired is None or desired.outputs else {}
    return ShelfState(
        supplies=sum(one.state == ENABLED for one in supplies),
        needed=subsystem.needed,
        capacity_watts=subsystem.at("CapacityWatts"),
        outputs={
            name: one.power_state
            for name, one in outputs.items()
            if desired is None or name in desired.outputs
        },
    )


def differences(
    desired: ShelfState, actual: ShelfState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; what no request changes, or what may not be cut now, is pending."""
    found = []
    if desired.supplies != actual.supplies:
        found.append(_difference("supplies", desired.supplies, actual.supplies, _FIT))
    for path in ("needed", "capacity_watts"):
        wanted, there = getattr(desired, path), getattr(actual, path)
        if wanted is not None and wanted != there:
            remedy = "see which shelf stands there: it is not as its model says"
            found.append(
                _difference(path, wanted, "(not shown)" if there is None else there, remedy)
            )
    for name, state in desired.outputs.items():
        there = actual.outputs.get(name, "(no such output)")
        if there != state:
            cut = interlock.holds(guard) and interlock.cuts_power(desired=state, actual=there)
            found.append(
                _difference(f"outputs.{name}", state, there, interlock.REMEDY if cut else "")
            )
    return tuple(found)


async def apply(
    client: Redfish, desired: ShelfState, guard: Guard, *, deadline_s: float = 60.0
) -> Outcome[ShelfState]:
    """Switch outputs, except for cuts that the interlock holds; all else stays pending.

    Raises:
        DeviceRefused: an output does not follow.
    """
    actual = await read(client, desired)
    wrong = {d.path for d in differences(desired, actual, guard) if not d.pending}
    outputs = await _outputs(client) if wrong else {}
    for name, state in desired.outputs.items():
        if f"outputs.{name}" in wrong and name in outputs and outputs[name].control:
            await client.post(outputs[name].control, {"PowerState": state})
    settled = await settle(
        client,
        lambda: read(client, desired),
        lambda state: tuple(d for d in differences(desired, state, guard) if not d.pending),
        deadline_s=deadline_s,
    )
    return Outcome(state=settled, pending=differences(desired, settled, guard))


def _difference(path: str, expected: object, actual: object, why: str) -> Difference:
    return Difference(
        path=path,
        expected=shown(expected),
        actual=shown(actual),
        pending=bool(why),
        remedy=why or "run clusterwright up",
    )


async def _shelf(client: Redfish) -> _Shelf:
    path = await from_root(client, "PowerEquipment")
    equipment = _Equipment(client.name, await client.get(path))
    if not equipment.shelves:
        raise DeviceRefused(
            f"{client.name}: {path}: it has no PowerShelves; "
            f"check that this address belongs to a power shelf"
        )
    return await only_member(client, equipment.shelves, _Shelf)


async def _subsystem(client: Redfish, shelf: _Shelf) -> _Subsystem:
    for chassis in shelf.chassis:
        body = await client.get(str(chassis.get("@odata.id", "")))
        if power := _Chassis(client.name, body).power:
            return _Subsystem(client.name, await client.get(power))
    raise DeviceRefused(
        f"{client.name}: {shelf.path}: no chassis of it shows a PowerSubsystem; update the shelf's "
        f"firmware, or take it out of the definition"
    )


async def _outputs(client: Redfish) -> dict[str, _Output]:
    shelf = await _shelf(client)
    found = await members(client, shelf.outlets, _Output) if shelf.outlets else []
    return {one.id: one for one in found}
