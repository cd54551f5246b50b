"""The outlets and branches that a rack PDU has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.errors import DeviceRefused

DELAYS = ("PowerOnDelaySeconds", "PowerRestoreDelaySeconds")
"""After a request, and after an outage."""


class _Equipment(Resource):
    rack_pdus = Link("RackPDUs")


class _Pdu(Resource):
    outlets = Link("Outlets")
    branches = Link("Branches")
    metrics = Link("Metrics")


class Circuit(Resource):
    """A branch: the outlets behind one breaker."""

    id = Field("Id", str)
    amps = Field("CurrentAmps/Reading", float)
    current_sensor = Field("CurrentAmps/DataSourceUri", str, "")


class Outlet(Resource):
    """One outlet with its switch."""

    id = Field("Id", str)
    power_state = Field("PowerState", str)
    control = Field("Actions/#Outlet.PowerControl/target", str)
    watts = Field("PowerWatts/Reading", float)
    current_sensor = Field("CurrentAmps/DataSourceUri", str, "")

    @property
    def delays_s(self) -> Mapping[str, int]:
        """Return the delays that it can hold, by property."""
        given = {name: self.at(name) for name in DELAYS}
        return {name: round(one) for name, one in given.items() if isinstance(one, int | float)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A rack PDU: its outlets by number, and where its branches and its metrics are."""

    outlets: Mapping[int, Outlet]
    branches: str
    metrics: str


async def find_strip(client: Redfish) -> Strip:
    """Return the only PDU behind the client.

    Raises:
        DeviceRefused: there is none, or more than one.
    """
    path = await from_root(client, "PowerEquipment")
    equipment = _Equipment(client.name, await client.get(path))
    if not equipment.rack_pdus:
        raise DeviceRefused(
            f"{client.name}: {path}: it has no RackPDUs; "
            f"check that this address belongs to a rack PDU"
        )
    pdu = await only_member(client, equipment.rack_pdus, _Pdu)
    outlets = await members(client, pdu.outlets, Outlet)
    return Strip(outlets=_by_number(outlets), branches=pdu.branches, metrics=pdu.metrics)


async def find_branches(client: Redfish, strip: Strip) -> Mapping[str, Circuit]:
    """Return the branches of a PDU by name; one that shows none has none."""
    found = await members(client, strip.branches, Circuit) if strip.branches else []
    return {one.id: one for one in found}


def _by_number(outlets: list[Outlet]) -> Mapping[int, Outlet]:
    # Vendors write 3, A3, Outlet3 or OUTLET_03. Where digits repeat (A1, B1), only bare ones count.
    numbered = [(re.sub(r"\D", "", outlet.id), outlet) for outlet in outlets]
    digits = [number for number, _ in numbered]
    if len(set(digits)) < len(digits):
        numbered = [(outlet.id, outlet) for outlet in outlets if outlet.id.isdigit()]
    return {int(number): outlet for number, outlet in numbered if number}
