"""The rack's switches: reachable, configured, with the planned neighbours.

Clusterwright does not configure switches yet: until it does, this is called by name and not proven.
"""

from clusterwright.design.plan import Switch
from clusterwright.operate.rack.gates.looking import each
from clusterwright.operate.rack.gates.reach import answers
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Checks, passed, unproven

OUT_OF_BAND = "oob"
REACHABLE = "the switch answers at its address"
CONFIGURED = "the switch holds its planned configuration"
NEIGHBOURS = "every port of the switch leads to its planned neighbour"
NOT_YET = "clusterwright does not configure switches yet"


async def look_out_of_band(rack: LiveRack) -> Checks:
    """Look at the switches that the rack's controllers hang on."""
    found = [s for s in _serving(rack) if s.fabric == OUT_OF_BAND]
    if not found:
        reason = "the plan has no out-of-band switch for it"
        return (unproven(rack.name, "its controllers hang on an out-of-band switch", reason),)
    return await each(_look(rack, switch) for switch in found)


async def look(rack: LiveRack) -> Checks:
    """Look at all other switches in the rack."""
    found = [switch for switch in rack.switches if switch.fabric != OUT_OF_BAND]
    if not found:
        return (passed(rack.name, "its switches are ready", "no other switch stands in it"),)
    return await each(_look(rack, switch) for switch in found)


def _serving(rack: LiveRack) -> tuple[Switch, ...]:
    plan = rack.site.plan
    owners = {name for name, _ in rack.controllers()}
    ends = [(link.a.device, link.b.device) for link in plan.links if link.fabric == OUT_OF_BAND]
    others = {b if a in owners else a for a, b in ends if (a in owners) != (b in owners)}
    own = {switch.name for switch in rack.switches}
    return tuple(switch for switch in plan.switches if switch.name in others | own)


async def _look(rack: LiveRack, switch: Switch) -> Checks:
    silent = await answers(switch.address, deadline_s=rack.site.patience.greeting_s)
    reached = (
        unproven(switch.name, REACHABLE, silent, "see its power and its management cable")
        if silent
        else passed(switch.name, REACHABLE, str(switch.address))
    )
    later = (unproven(switch.name, sentence, NOT_YET) for sentence in (CONFIGURED, NEIGHBOURS))
    return (reached, *later)
