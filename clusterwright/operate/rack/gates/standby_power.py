"""Standby power: feeds within limits, outlets on, controllers met, servers known.

Outlets come on in the plan's order of inrush. A controller is met before anything is told to it.
"""

from clusterwright.operate.rack.gates import identity, meeting, outlets, shelves
from clusterwright.operate.rack.gates.contact import Met
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import HELD_UP, Checks, worst


async def look(rack: LiveRack) -> Checks:
    """Look from the feed to the server; where one link fails, what hangs on it is not asked."""
    checks: Checks = ()
    parts = (_met_pdus, outlets.look, _met_shelves, shelves.look, _met_others, identity.look)
    for part in parts:
        checks = (*checks, *await part(rack))
        if worst(checks) in HELD_UP:
            break
    return checks


async def act(rack: LiveRack) -> Checks:
    """Give power, and take over the controllers that appear."""
    checks = await meeting.act(rack, _pdus(rack), starts=True)
    await outlets.switch_on(rack)
    others = [*_shelves(rack), *_others(rack)]
    return (*checks, *await meeting.act(rack, others, starts=True))


async def _met_pdus(rack: LiveRack) -> Checks:
    return await meeting.look(rack, _pdus(rack))


async def _met_shelves(rack: LiveRack) -> Checks:
    return await meeting.look(rack, _shelves(rack))


async def _met_others(rack: LiveRack) -> Checks:
    return await meeting.look(rack, _others(rack))


def _pdus(rack: LiveRack) -> list[Met]:
    return [(pdu.name, pdu.controller) for pdu in rack.pdus]


def _shelves(rack: LiveRack) -> list[Met]:
    return [(shelf.name, shelf.controller) for shelf in rack.shelves]


def _others(rack: LiveRack) -> list[Met]:
    loops = [(loop.cdu, loop.controller) for loop in rack.loops]
    return [*loops, *((node.name, node.controller) for node in rack.nodes)]
