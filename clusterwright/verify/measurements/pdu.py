"""What a rack PDU measures."""

from collections.abc import Mapping, Sequence
from math import isfinite

from clusterwright.access import pdu_outlets, rack_power
from clusterwright.access.pdu_outlets import Strip, find_strip
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish.field import Field, Resource
from clusterwright.errors import DeviceRefused

_APART_WATTS, _APART_SHARE = 100.0, 0.1
"""What the sum of outlets may be from the input: the PDU itself takes some, meters err."""
_BEYOND = 1.5
"""How much more than it may give for hours is a wrong reading, and no load any more."""


class _Metrics(Resource):
    watts = Field("PowerWatts/Reading", float)


async def outlets(client: Redfish, *, numbers: Sequence[int]) -> dict[str, str]:
    """Return the power state of the outlets with these numbers."""
    state = await rack_power.read(client, OutletsState(outlets=dict.fromkeys(numbers, "On")))
    return {f"outlet {number}": power for number, power in state.outlets.items()}


async def outlet_watts(client: Redfish) -> Mapping[int, float]:
    """Return what every outlet gives, by number."""
    return _watts(await find_strip(client))


async def nonsense(client: Redfish, *, limit_va: int | None) -> dict[str, str]:
    """Return readings that cannot be: below zero, beyond the PDU, or not adding up."""
    strip = await find_strip(client)
    each = _watts(strip)
    total = _Metrics(client.name, await client.get(strip.metrics)).watts
    readings = {"input": total, **{f"outlet {number}": one for number, one in each.items()}}
    most = limit_va * _BEYOND if limit_va else float("inf")
    wrong = {
        name: one for name, one in readings.items() if not (isfinite(one) and 0 <= one <= most)
    }
    apart = abs(sum(each.values()) - total)
    if not wrong and apart > max(_APART_WATTS, _APART_SHARE * total):
        wrong = {"input": total, "all outlets together": sum(each.values())}
    return {name: f"{watts:g} W" for name, watts in wrong.items()}


async def overloaded(client: Redfish, *, limits_amps: Mapping[str, float]) -> dict[str, str]:
    """Return the branches that carry more than their limit, by name.

    Raises:
        DeviceRefused: none of those that it shows does, and it does not show all.
    """
    branches = await pdu_outlets.find_branches(client, await find_strip(client))
    shown = limits_amps.keys() & branches.keys()
    over = {name: branches[name].amps for name in shown if branches[name].amps > limits_amps[name]}
    if not over and len(shown) < len(limits_amps):
        unknown = ", ".join(sorted(limits_amps.keys() - shown))
        raise DeviceRefused(
            f"{client.name}: it measures no branch {unknown}; read its meter at the PDU"
        )
    return {f"branch {name}": f"{amps:g} A" for name, amps in over.items()}


def _watts(strip: Strip) -> Mapping[int, float]:
    return {number: outlet.watts for number, outlet in strip.outlets.items()}
