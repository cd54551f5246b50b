"""The line input of one server, taken away and given back: what some images need to run."""

import asyncio
from collections.abc import Collection, Mapping

from clusterwright.access import rack_power
from clusterwright.access.guard import Guard
from clusterwright.access.rack_power import OutletsState
from clusterwright.access.redfish.client import Redfish

OFF_S = 30.0
"""Until capacitors are empty and every part has noticed."""
# Whether the server may lose its power has been decided by whoever asks for the cycle.
_DECIDED = Guard(in_service=False)


async def cycle(outlets: Mapping[Redfish, Collection[int]], *, off_s: float = OFF_S) -> None:
    """Cut these outlets of each PDU, wait, and restore them: also where a cut fails.

    Raises:
        DeviceError: an outlet does not follow; all others have power again.
    """
    try:
        for pdu, numbers in outlets.items():
            await _switch(pdu, numbers, "Off")
        await asyncio.sleep(off_s)
    finally:
        back = [_switch(pdu, numbers, "On") for pdu, numbers in outlets.items()]
        failures = await asyncio.gather(*back, return_exceptions=True)
    for failure in failures:
        if failure:
            raise failure


async def _switch(pdu: Redfish, numbers: Collection[int], state: str) -> None:
    wanted = OutletsState(outlets=dict.fromkeys(sorted(numbers), state))
    await rack_power.apply(pdu, wanted, _DECIDED)
