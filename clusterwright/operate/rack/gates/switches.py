"""The rack's switches: reachable, configured, with the planned neighbours.

Clusterwright does not configure switches yet: until it does, this is called by name and not proven.
"""

from collections.abc import Iterable
from functools import partial

from clusterwright.access import switch as access
from clusterwright.access.switch import SwitchState
from clusterwright.design.plan import Switch
from clusterwright.errors import DeviceRefused, DeviceUnreachable
from clusterwright.operate.rack.gates import neighbours
from clusterwright.operate.rack.gates.looking import each
from clusterwright.operate.rack.gates.neighbours import Cable
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed, unproven
from clusterwright.operate.rack.waiting import until

OUT_OF_BAND = "oob"
REACHABLE = "the switch answers at its address"
CONFIGURED = "the switch holds its planned configuration"
NEIGHBOURS = "every port of the switch leads to its planned neighbour"
NOT_YET = "clusterwright does not configure switches yet"
SILENT = "nobody answers by SSH; see its power and its management cable"
"""Without name and address, so that a report says it once of all that are silent."""


async def look_out_of_band(rack: LiveRack) -> Checks:
    """Look at the switches that the rack's controllers hang on: without them nothing goes on."""
    found = serving(rack)
    if not found:
        reason = "the plan has no out-of-band switch for it"
        return (unproven(rack.name, "its controllers hang on an out-of-band switch", reason),)
    return await each(_look_out_of_band(rack, switch) for switch in found)


async def look(rack: LiveRack) -> Checks:
    """Look at all other switches in the rack."""
    found = [switch for switch in rack.switches if switch.fabric != OUT_OF_BAND]
    if not found:
        return (passed(rack.name, "its switches are ready", "no other switch stands in it"),)
    return await each(_look(rack, switch) for switch in found)


def serving(rack: LiveRack) -> tuple[Switch, ...]:
    """Return the out-of-band switches of a rack, and those that its controllers hang on."""
    plan = rack.site.plan
    owners = {name for name, _ in rack.controllers()}
    ends = [(link.a.device, link.b.device) for link in plan.links if link.fabric == OUT_OF_BAND]
    others = {b if a in owners else a for a, b in ends if (a in owners) != (b in owners)}
    own = {switch.name for switch in rack.switches}
    return tuple(s for s in plan.switches if s.fabric == OUT_OF_BAND and s.name in others | own)


async def read(rack: LiveRack, switch: Switch) -> SwitchState:
    """Ask a switch, once for all racks that want to know; see access.switch for what may fail."""
    folder, user = rack.site.folder, rack.site.plan.software.ssh_user
    ask = partial(access.read, folder, switch.name, str(switch.address), user)
    return await rack.site.switch_looks.look(switch.name, ask)


async def _look_out_of_band(rack: LiveRack, switch: Switch) -> Checks:
    cables = neighbours.uplinks(neighbours.cables_of(rack.site.plan, switch))
    try:
        state = await _settled(rack, switch, cables)
    except DeviceUnreachable as error:
        return (failed(switch.name, REACHABLE, *_apart(str(error))),)
    except DeviceRefused as error:
        return _unread(switch, str(error), NEIGHBOURS)
    return (
        passed(switch.name, REACHABLE, str(switch.address)),
        *neighbours.compare(switch.name, cables, state),
        _configured(switch),
    )


async def _look(rack: LiveRack, switch: Switch) -> Checks:
    """A switch of another network holds nobody up: what cannot be asked is not proven."""
    cables = neighbours.cables_of(rack.site.plan, switch)
    speaking = neighbours.between_switches(rack.site.plan, cables)
    try:
        state = await _settled(rack, switch, speaking)
    except DeviceUnreachable:
        return _unread(switch, SILENT, NEIGHBOURS)
    except DeviceRefused as error:
        return _unread(switch, str(error), NEIGHBOURS)
    return (
        passed(switch.name, REACHABLE, str(switch.address)),
        *neighbours.compare(switch.name, speaking, state),
        *neighbours.mute(switch.name, [one for one in cables if one not in speaking]),
        _configured(switch),
    )


async def _settled(rack: LiveRack, switch: Switch, cables: Iterable[Cable]) -> SwitchState:
    """Read a switch; one that has just started hears of its neighbours a little later."""
    patience = rack.site.patience
    return await until(
        lambda: read(rack, switch),
        lambda state: all(c.port not in state.up or c.port in state.neighbours for c in cables),
        deadline_s=patience.neighbour_s,
        pauses_s=patience.ever_longer_s(),
    )


def _unread(switch: Switch, why: str, sentence: str) -> Checks:
    found, remedy = _apart(why)
    return (
        unproven(switch.name, REACHABLE, found, remedy),
        unproven(switch.name, sentence, "the switch could not be asked"),
        _configured(switch),
    )


def _configured(switch: Switch) -> Check:
    return unproven(switch.name, CONFIGURED, NOT_YET)


def _apart(said: str) -> tuple[str, str]:
    """Return what was found and what to do: errors end with the remedy."""
    found, _, remedy = said.rpartition("; ")
    return found or said, remedy if found else ""
