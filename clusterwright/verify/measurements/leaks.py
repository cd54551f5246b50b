"""What leak detectors say."""

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.errors import DeviceRefused
from clusterwright.verify.measurements.cdu import find_cdu
from clusterwright.verify.measurements.present import present

NO_LEAK = "OK"


class _LeakDetection(Resource):
    groups: Field[list[dict[str, list[dict[str, object]]]]] = Field("LeakDetectorGroups", list, [])


class _Chassis(Resource):
    thermal = Link("ThermalSubsystem")


class _Thermal(Resource):
    leak_detection = Link("LeakDetection")


async def of_cdu(client: Redfish) -> dict[str, str]:
    """Return the state of every leak detector of a CDU by name that is not well."""
    cdu = await find_cdu(client)
    return await _detected(client, present(cdu, cdu.leak_detection))


async def of_chassis(client: Redfish) -> dict[str, str]:
    """Return the state of every leak detector of a server by name that is not well.

    Raises:
        DeviceRefused: the server has none.
    """
    found: dict[str, str] = {}
    looked = False
    for chassis in await members(client, await from_root(client, "Chassis"), _Chassis):
        if not chassis.thermal:
            continue
        thermal = _Thermal(client.name, await client.get(chassis.thermal))
        if thermal.leak_detection:
            looked = True
            found |= await _detected(client, thermal.leak_detection)
    if not looked:
        raise DeviceRefused(
            f"{client.name}: none of its chassis shows a leak detector, though coolant reaches "
            f"it; connect one"
        )
    return found


async def _detected(client: Redfish, path: str) -> dict[str, str]:
    detection = _LeakDetection(client.name, await client.get(path))
    found = [detector for group in detection.groups for detector in group.get("Detectors", [])]
    if not found:
        raise DeviceRefused(f"{client.name}: {detection.path}: it lists no detector; connect one")
    states = {str(one.get("DeviceName")): str(one.get("DetectorState")) for one in found}
    return {name: state for name, state in states.items() if state != NO_LEAK}
