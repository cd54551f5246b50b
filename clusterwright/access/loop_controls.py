"""The controls of a CDU's secondary side, wherever the CDU keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members, only_member
from clusterwright.errors import DeviceRefused

TEMPERATURE = "SupplyTemperatureControlCelsius"
PRESSURE = "DeltaPressureControlkPa"
FLOW = "FlowControlLitersPerMinute"


class _Equipment(Resource):
    cdus = Link("CDUs")


class _Cdu(Resource):
    secondary = Link("SecondaryCoolantConnectors")


class _Control(Resource):
    set_point = Field("SetPoint", float)
    mode = Field("ControlMode", str)
    lowest = Field("AllowableMin", float, float("-inf"))
    highest = Field("AllowableMax", float, float("inf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopControl:
    """One set point. `path` is where it is written: its own resource, or the connector.

    `excerpt` is the connector's property that repeats it; empty where the resource itself is
    written.
    """

    path: str
    excerpt: str
    set_point: float
    mode: str
    lowest: float
    highest: float

    def write(self, change: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Return where to send `change`, and how it looks there."""
        return self.path, {self.excerpt: change} if self.excerpt else change

    def allows(self, device: str, set_point: float | None) -> None:
        """Check against the CDU's own limits, which name what it would only call an error.

        Raises:
            DeviceRefused: the CDU cannot hold that value.
        """
        if set_point is not None and not self.lowest <= set_point <= self.highest:
            raise DeviceRefused(
                f"{device}: {self.path} {self.excerpt or 'SetPoint'}: {set_point:g} is outside "
                f"{self.lowest:g} to {self.highest:g}, which is what the CDU can hold; "
                f"declare a value within"
            )


async def find_controls(client: Redfish) -> dict[str, LoopControl]:
    """Return the controls of temperature, pressure and flow that the CDU has."""
    connector = await _connector(client)
    return {
        name: await _control(client, connector, name)
        for name in (TEMPERATURE, PRESSURE, FLOW)
        if isinstance(connector.at(name), dict)
    }


async def _connector(client: Redfish) -> Resource:
    path = await from_root(client, "ThermalEquipment")
    equipment = _Equipment(client.name, await client.get(path))
    if not equipment.cdus:
        raise DeviceRefused(
            f"{client.name}: {path}: it has no CDUs; check that this address belongs to a CDU"
        )
    cdu = await only_member(client, equipment.cdus, _Cdu)
    connectors = await members(client, cdu.secondary, Resource) if cdu.secondary else []
    controlled = [c for c in connectors if isinstance(c.at(TEMPERATURE), dict)]
    if len(controlled) != 1:
        raise DeviceRefused(
            f"{client.name}: {cdu.path}: one secondary connector with {TEMPERATURE} is expected, "
            f"but it has {len(controlled)}; only a CDU with one controlled loop can be declared"
        )
    return controlled[0]


async def _control(client: Redfish, connector: Resource, name: str) -> LoopControl:
    excerpt = connector.at(name)
    source = str(excerpt.get("DataSourceUri") or "")
    body = await client.get(source) if source else {"@odata.id": connector.path, **excerpt}
    control = _Control(client.name, body)
    return LoopControl(
        path=source or connector.path,
        excerpt="" if source else name,
        set_point=control.set_point,
        mode=control.mode,
        lowest=control.lowest,
        highest=control.highest,
    )
