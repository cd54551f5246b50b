"""Whether coolant flows to a server: as the CDUs of its loops see it, before it is switched on."""

from collections.abc import Awaitable, Callable, Collection

from clusterwright.access.interlock import CoolantSource
from clusterwright.access.loop_parts import ENABLED, Pump, find_parts
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Resource
from clusterwright.access.redfish.walk import members

Coolant = Callable[[], Awaitable[tuple[CoolantSource, ...]]]
"""Looks at all that could cool one server."""

_FLOW = "FlowLitersPerMinute"


async def read_source(
    client: Redfish, loop: str, *, valves: Collection[str], least_pumps: int | None
) -> CoolantSource:
    """Return what a CDU gives now to whoever is behind these of its valves."""
    parts = await find_parts(client, valves=valves)
    connectors = parts.unit.connectors
    seen = await members(client, connectors, Resource) if connectors else []
    flows = [flow for one in seen if (flow := _reading(one)) is not None]
    return CoolantSource(
        loop=loop,
        cdu=client.name,
        unit=parts.unit.state or ENABLED,
        closed=tuple(name for name, valve in parts.valves.items() if valve.state == "Closed"),
        pumps=sum(map(_works, parts.pumps)) if parts.pumps else None,
        least_pumps=least_pumps,
        flow_lpm=sum(flows) if flows else None,
    )


def _works(pump: Pump) -> bool:
    return pump.state == ENABLED and pump.health != "Critical"


def _reading(connector: Resource) -> float | None:
    value = connector.at(_FLOW)
    value = value.get("Reading") if isinstance(value, dict) else value
    return float(value) if isinstance(value, int | float) else None
