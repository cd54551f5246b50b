"""Accounts, certificates, firmware baseline, BIOS: what the plan declares of the rack's servers."""

from clusterwright.access import leak_policy
from clusterwright.operate.rack.gates import declared
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Checks
from clusterwright.verify.declared import Declared

AS_DECLARED = "the server holds what the plan declares"


async def look(rack: LiveRack) -> Checks:
    """Compare every server of the rack with the plan."""
    return await declared.look(rack, _servers(rack), AS_DECLARED)


async def act(rack: LiveRack) -> Checks:
    """Apply what differs; servers are switched on for it, and reset."""
    return await declared.act(rack, _servers(rack), AS_DECLARED)


def _servers(rack: LiveRack) -> list[Declared]:
    found = rack.declared(node.name for node in rack.nodes)
    # How a server reacts to a leak has been seen to before coolant flows.
    return [one for one in found if one.kind is not leak_policy]
