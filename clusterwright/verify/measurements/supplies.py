"""What power supplies and rectifiers say."""

from collections.abc import Mapping

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import fetch, from_root, members
from clusterwright.verify.measurements.present import present

INPUT_NORMAL = "Normal"


class _Chassis(Resource):
    power = Link("PowerSubsystem")


class _PowerSubsystem(Resource):
    supplies = Link("PowerSupplies")


class _PowerSupply(Resource):
    id = Field("Id", str)
    line_input = Field("LineInputStatus", str)
    health = Field("Status/Health", str)
    metrics = Link("Metrics")

    @property
    def has_input(self) -> bool:
        """Return whether it has input, as far as it says; a rectifier may not."""
        return self.at("LineInputStatus") in {INPUT_NORMAL, None}


class _Metrics(Resource):
    input_watts = Field("InputPowerWatts/Reading", float)


async def line_inputs(client: Redfish) -> dict[str, str]:
    """Return the state of the line input of every power supply by name."""
    return {supply.id: supply.line_input for supply in await _supplies(client)}


async def failed(client: Redfish) -> dict[str, str]:
    """Return the health of every supply by name that has input, and is not well."""
    return {
        supply.id: supply.health
        for supply in await _supplies(client)
        if supply.has_input and supply.health != "OK"
    }


async def input_watts(client: Redfish) -> Mapping[str, float]:
    """Return what every supply takes from its outlet, by name."""
    supplies = await _supplies(client)
    paths = {supply.id: present(supply, supply.metrics) for supply in supplies}
    found = await fetch(client, paths.values(), _Metrics)
    return {name: found[path].input_watts for name, path in paths.items()}


async def _supplies(client: Redfish) -> list[_PowerSupply]:
    found: list[_PowerSupply] = []
    for chassis in await members(client, await from_root(client, "Chassis"), _Chassis):
        if chassis.power:
            subsystem = _PowerSubsystem(client.name, await client.get(chassis.power))
            path = present(subsystem, subsystem.supplies)
            found += await members(client, path, _PowerSupply)
    return found
