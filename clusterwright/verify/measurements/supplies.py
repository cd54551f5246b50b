"""What power supplies and rectifiers say."""

from collections.abc import Mapping

from clusterwright.access.power_supplies import INPUT_NORMAL, find_supplies
from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Resource
from clusterwright.access.redfish.walk import fetch
from clusterwright.verify.measurements.present import present

__all__ = ["INPUT_NORMAL", "failed", "input_watts", "line_inputs", "without_input"]


class _Metrics(Resource):
    input_watts = Field("InputPowerWatts/Reading", float)


async def line_inputs(client: Redfish) -> dict[str, str]:
    """Return the state of the line input of every power supply by name."""
    return {supply.id: supply.line_input for supply in await find_supplies(client)}


async def without_input(client: Redfish) -> dict[str, str]:
    """Return the line input of every supply by name that has none; a rectifier may not tell."""
    found = await find_supplies(client)
    return {supply.id: supply.line_input for supply in found if not supply.has_input}


async def failed(client: Redfish) -> dict[str, str]:
    """Return the health of every supply by name that has input, and is not well."""
    return {supply.id: supply.health for supply in await find_supplies(client) if supply.failed}


async def input_watts(client: Redfish) -> Mapping[str, float]:
    """Return what every supply takes from its outlet, by name."""
    supplies = await find_supplies(client)
    paths = {supply.id: present(supply, supply.metrics) for supply in supplies}
    found = await fetch(client, paths.values(), _Metrics)
    return {name: found[path].input_watts for name, path in paths.items()}
