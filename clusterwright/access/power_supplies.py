"""The power supplies of a server, and the rectifiers of a shelf."""

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members

INPUT_NORMAL = "Normal"


class _Chassis(Resource):
    power = Link("PowerSubsystem")


class _PowerSubsystem(Resource):
    supplies = Link("PowerSupplies")


class PowerSupply(Resource):
    """One supply, as its device shows it."""

    id = Field("Id", str)
    line_input = Field("LineInputStatus", str)
    health = Field("Status/Health", str)
    metrics = Link("Metrics")

    @property
    def has_input(self) -> bool:
        """Return whether it has input, as far as it says; a rectifier may not."""
        return self.at("LineInputStatus") in {INPUT_NORMAL, None}

    @property
    def failed(self) -> bool:
        """Return whether it has input and all the same is not well."""
        return self.has_input and self.health != "OK"


async def find_supplies(client: Redfish) -> list[PowerSupply]:
    """Return the supplies of all chassis; a device that shows none has none."""
    found: list[PowerSupply] = []
    for chassis in await members(client, await from_root(client, "Chassis"), _Chassis):
        if chassis.power:
            subsystem = _PowerSubsystem(client.name, await client.get(chassis.power))
            if subsystem.supplies:
                found += await members(client, subsystem.supplies, PowerSupply)
    return found
