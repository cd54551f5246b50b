"""What devices measure: read only, and nothing that anybody declares."""

from collections.abc import Sequence

from clusterwright.access import rack_power
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.access.system import find_system
from clusterwright.errors import DeviceRefused

INPUT_NORMAL = "Normal"
NO_LEAK = "OK"

# A set point is held within these: more is a fault of the CDU, less would be its normal ripple.
_TOLERANCE_C = 2.0
_TOLERANCE_OF_SET_POINT = 0.1


class _Chassis(Resource):
    power = Link("PowerSubsystem")


class _PowerSubsystem(Resource):
    supplies = Link("PowerSupplies")


class _PowerSupply(Resource):
    id = Field("Id", str)
    line_input = Field("LineInputStatus", str)


class _Equipment(Resource):
    cdus = Link("CDUs")


class _Cdu(Resource):
    secondary = Link("SecondaryCoolantConnectors")
    leak_detection = Link("LeakDetection")


class _LeakDetection(Resource):
    groups: Field[list[dict[str, list[dict[str, object]]]]] = Field("LeakDetectorGroups", list, [])


def tolerance_of(set_point: float, unit: str) -> float:
    """How far a measured value may be from its set point, in the same unit."""
    return _TOLERANCE_C if unit == "°C" else _TOLERANCE_OF_SET_POINT * set_point


async def power_state(client: Redfish) -> str:
    return (await find_system(client)).power_state


async def line_inputs(client: Redfish) -> dict[str, str]:
    """Return the state of the line input of every power supply by name."""
    found: dict[str, str] = {}
    for chassis in await members(client, await from_root(client, "Chassis"), _Chassis):
        if chassis.power:
            subsystem = _PowerSubsystem(client.name, await client.get(chassis.power))
            supplies = await members(client, _present(subsystem, subsystem.supplies), _PowerSupply)
            found |= {supply.id: supply.line_input for supply in supplies}
    return found


async def outlets(client: Redfish, *, numbers: Sequence[int]) -> dict[str, str]:
    """Return the power state of the outlets with these numbers."""
    state = await rack_power.read(client, OutletsState(outlets=dict.fromkeys(numbers, "On")))
    return {f"outlet {number}": power for number, power in state.outlets.items()}


async def measured(client: Redfish, name: str) -> float:
    """Return a sensor reading of the connector between a CDU and its loop."""
    cdu = await _cdu(client)
    path = _present(cdu, cdu.secondary)
    connector = await only_member(client, path, Resource)
    if isinstance(connector.at(name), int | float):
        return float(connector.at(name))
    return Field(f"{name}/Reading", float).__get__(connector, Resource)


async def leaks(client: Redfish) -> dict[str, str]:
    """Return the state of every leak detector of a CDU by name."""
    cdu = await _cdu(client)
    detection = _LeakDetection(client.name, await client.get(_present(cdu, cdu.leak_detection)))
    found = [detector for group in detection.groups for detector in group.get("Detectors", [])]
    if not found:
        raise DeviceRefused(f"{client.name}: {detection.path}: it lists no detector; connect one")
    return {str(one.get("DeviceName")): str(one.get("DetectorState")) for one in found}


async def _cdu(client: Redfish) -> _Cdu:
    equipment = _Equipment(
        client.name, await client.get(await from_root(client, "ThermalEquipment"))
    )
    return await only_member(client, _present(equipment, equipment.cdus), _Cdu)


def _present(resource: Resource, path: str) -> str:
    if not path:
        raise DeviceRefused(
            f"{resource.device}: {resource.path}: it does not show what is asked here; "
            f"update the device's firmware"
        )
    return path
