"""What a CDU measures and says of its parts."""

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.verify.measurements.present import present

ENOUGH = "enough"

# A set point is held within these: more is a fault of the CDU, less would be its normal ripple.
_TOLERANCE_C = 2.0
_TOLERANCE_OF_SET_POINT = 0.1


class _Equipment(Resource):
    cdus = Link("CDUs")


class Cdu(Resource):
    """The unit, and where its parts are."""

    secondary = Link("SecondaryCoolantConnectors")
    pumps = Link("Pumps")
    filters = Link("Filters")
    leak_detection = Link("LeakDetection")


class _Part(Resource):
    id = Field("Id", str)
    state = Field("Status/State", str, "Enabled")
    health = Field("Status/Health", str)


def tolerance_of(set_point: float, unit: str) -> float:
    """How far a measured value may be from its set point, in the same unit."""
    return _TOLERANCE_C if unit == "°C" else _TOLERANCE_OF_SET_POINT * set_point


async def measured(client: Redfish, name: str) -> float:
    """Return a sensor reading of the connector between a CDU and its loop."""
    cdu = await find_cdu(client)
    connector = await only_member(client, present(cdu, cdu.secondary), Resource)
    if isinstance(connector.at(name), int | float):
        return float(connector.at(name))
    return Field(f"{name}/Reading", float).__get__(connector, Resource)


async def working_pumps(client: Redfish, *, least: int) -> str:
    """Return whether so many pumps are on and well, or else which are not."""
    cdu = await find_cdu(client)
    pumps = await members(client, present(cdu, cdu.pumps), _Part)
    idle = {
        pump.id: pump.state if pump.state != "Enabled" else pump.health
        for pump in pumps
        if (pump.state, pump.health) != ("Enabled", "OK")
    }
    if len(pumps) - len(idle) >= least:
        return ENOUGH
    said = ", ".join(f"pump {name} is {why}" for name, why in idle.items())
    return f"{len(pumps) - len(idle)}" + (f": {said}" if said else "")


async def clogged_filters(client: Redfish) -> dict[str, str]:
    """Return the health of every filter by name that is not well."""
    cdu = await find_cdu(client)
    filters = await members(client, present(cdu, cdu.filters), _Part)
    return {f"filter {one.id}": one.health for one in filters if one.health != "OK"}


async def find_cdu(client: Redfish) -> Cdu:
    """Return the only CDU behind the client.

    Raises:
        DeviceRefused: there is none, or more than one.
    """
    path = await from_root(client, "ThermalEquipment")
    equipment = _Equipment(client.name, await client.get(path))
    return await only_member(client, present(equipment, equipment.cdus), Cdu)
