"""What devices measure: read only, and nothing that anybody declares."""

from collections.abc import Sequence
from typing import Any

from clusterwright.access.redfish import Redfish
from clusterwright.errors import DeviceError

INPUT_NORMAL = "Normal"

# A set point is held within these: more is a fault of the CDU, less would be its normal ripple.
TOLERANCE_C = 2.0
TOLERANCE_OF_SET_POINT = 0.1


class Unmeasured(DeviceError):  # noqa: N818 - what is known, not what went wrong
    """The device has no such reading."""


def tolerance_of(set_point: float, unit: str) -> float:
    return TOLERANCE_C if unit == "°C" else TOLERANCE_OF_SET_POINT * set_point


async def power_state(client: Redfish) -> str:
    system = await first(client, "/redfish/v1/Systems")
    return str(reading(system, "PowerState"))


async def line_inputs(client: Redfish) -> dict[str, str]:
    """Return the state of the line input of every power supply by name."""
    chassis = await first(client, "/redfish/v1/Chassis")
    subsystem = await client.get(link(chassis, "PowerSubsystem"))
    supplies = await members(client, link(subsystem, "PowerSupplies"))
    return {str(supply["Id"]): str(reading(supply, "LineInputStatus")) for supply in supplies}


async def outlets(client: Redfish, *, numbers: Sequence[int]) -> dict[str, str]:
    """Return the power state of the outlets with these numbers."""
    equipment = await client.get("/redfish/v1/PowerEquipment")
    pdu = await first(client, link(equipment, "RackPDUs"))
    states = {
        str(outlet["Id"]): str(reading(outlet, "PowerState"))
        for outlet in await members(client, link(pdu, "Outlets"))
    }
    return {f"outlet {n}": states[str(n)] for n in numbers if str(n) in states}


async def supply_temperature(client: Redfish) -> float:
    return float(reading(await connector(client), "SupplyTemperatureCelsius"))


async def differential_pressure(client: Redfish) -> float:
    return float(reading(await connector(client), "DeltaPressurekPa"))


async def flow(client: Redfish) -> float:
    return float(reading(await connector(client), "FlowLitersPerMinute"))


async def connector(client: Redfish) -> dict[str, Any]:
    """Return the connector of a CDU to the loop that it drives."""
    equipment = await client.get("/redfish/v1/ThermalEquipment")
    cdu = await first(client, link(equipment, "CDUs"))
    return await first(client, link(cdu, "SecondaryCoolantConnectors"))


async def first(client: Redfish, collection: str) -> dict[str, Any]:
    listed = await client.get(collection)
    if not listed.get("Members"):
        raise Unmeasured(f"{collection} has no member")
    return await client.get(listed["Members"][0]["@odata.id"])


async def members(client: Redfish, collection: str) -> list[dict[str, Any]]:
    listed = await client.get(collection)
    return [await client.get(member["@odata.id"]) for member in listed.get("Members", [])]


def link(resource: dict[str, Any], name: str) -> str:
    if name not in resource:
        raise Unmeasured(f"{resource.get('@odata.id')} has no {name}")
    return str(resource[name]["@odata.id"])


def reading(resource: dict[str, Any], name: str) -> Any:
    """Return a property, or the Reading of a sensor excerpt."""
    value = resource.get(name)
    if isinstance(value, dict):
        value = value.get("Reading")
    if value is None:
        raise Unmeasured(f"{resource.get('@odata.id')} gives no {name}")
    return value
