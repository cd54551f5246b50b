"""The parts of a CDU that can be switched: the unit itself, its pumps, its loop's valves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.errors import DeviceRefused

ENABLED, DISABLED = "Enabled", "Disabled"
OPEN, CLOSED = "Open", "Closed"


class _Equipment(Resource):
    cdus = Link("CDUs")
    loops = Link("CoolingLoops")


class _Loop(Resource):
    connectors = Link("SecondaryCoolantConnectors")


class Unit(Resource):
    """The CDU as a whole."""

    state = Field("Status/State", str, "")
    set_mode = Field("Actions/#CoolingUnit.SetMode/target", str, "")
    pumps = Link("Pumps")
    connectors = Link("SecondaryCoolantConnectors")


class Pump(Resource):
    """One pump; one that is enabled may have failed all the same."""

    id = Field("Id", str)
    state = Field("Status/State", str, "")
    health = Field("Status/Health", str, "OK")
    set_mode = Field("Actions/#Pump.SetMode/target", str, "")


class Valve(Resource):
    """A connector that can be closed. Its names are all that say where it leads."""

    control = Field("Actions/#CoolantConnector.ValveControl/target", str, "")

    @property
    def names(self) -> frozenset[str]:
        """Return every name that somebody may call it by."""
        given = ("Id", "Name", "UserLabel", "CoolingLoopName")
        return frozenset(str(self.at(one)) for one in given if self.at(one))

    @property
    def state(self) -> str:
        """Open or Closed, by where it stands; empty where it does not say."""
        position = self.at("ValvePositionPercent")
        reading = position.get("Reading") if isinstance(position, dict) else position
        if not isinstance(reading, int | float):
            return ""
        return OPEN if reading > 0 else CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopParts:
    """What was asked for and is there; valves go by the names that were asked for."""

    unit: Unit
    pumps: tuple[Pump, ...]
    valves: Mapping[str, Valve]

    @property
    def pumps_enabled(self) -> int:
        return sum(pump.state == ENABLED for pump in self.pumps)


async def find_parts(
    client: Redfish, *, pumps: bool = True, valves: Collection[str] | None = None
) -> LoopParts:
    """Return the unit, and where that is asked for its pumps and valves; all valves for None."""
    path = await from_root(client, "ThermalEquipment")
    equipment = _Equipment(client.name, await client.get(path))
    unit = await only_member(client, equipment.cdus, Unit)
    found = await members(client, unit.pumps, Pump) if pumps and unit.pumps else []
    return LoopParts(
        unit=unit, pumps=tuple(found), valves=await _valves(client, equipment, unit, valves)
    )


async def set_mode(client: Redfish, part: Unit | Pump, mode: str) -> None:
    """Enable or disable a unit or a pump.

    Raises:
        DeviceRefused: it has no such action.
    """
    await _ask(client, part, part.set_mode, {"Mode": mode})


async def run_pumps(client: Redfish, parts: LoopParts, wanted: int) -> None:
    """Let so many pumps run; those that have failed stop first, and start last.

    Raises:
        DeviceRefused: one has no such action.
    """
    best_first = sorted(parts.pumps, key=lambda pump: pump.health != "OK")
    idle = [pump for pump in best_first if pump.state != ENABLED]
    running = [pump for pump in best_first if pump.state == ENABLED]
    for pump in idle[: max(0, wanted - len(running))]:
        await set_mode(client, pump, ENABLED)
    for pump in running[wanted:]:
        await set_mode(client, pump, DISABLED)


async def set_valve(client: Redfish, valve: Valve, state: str) -> None:
    """Open or close a valve.

    Raises:
        DeviceRefused: it has no such action.
    """
    await _ask(client, valve, valve.control, {"ValveState": state})


async def _ask(client: Redfish, part: Resource, target: str, body: Mapping[str, str]) -> None:
    if not target:
        raise DeviceRefused(
            f"{client.name}: {part.path}: it cannot be switched from afar; "
            f"take it out of the definition"
        )
    await client.post(target, body)


async def _valves(
    client: Redfish, equipment: _Equipment, unit: Unit, wanted: Collection[str] | None
) -> dict[str, Valve]:
    if wanted is not None and not wanted:
        return {}
    own = await members(client, unit.connectors, Valve) if unit.connectors else []
    there = list(own)
    for loop in await members(client, equipment.loops, _Loop) if equipment.loops else []:
        there += await members(client, loop.connectors, Valve) if loop.connectors else []
    if wanted is None:
        return {str(one.at("CoolingLoopName") or one.at("Id")): one for one in there if one.control}
    # A branch may be called by its loop's name, too: then the unit's own valve is meant.
    found = {name: _named(own, name) or _named(there, name) for name in wanted}
    return {name: valves[0] for name, valves in found.items() if len(valves) == 1}


def _named(valves: Sequence[Valve], name: str) -> list[Valve]:
    return [one for one in valves if one.control and name in one.names]
