"""Accounts, certificates, firmware baseline, BIOS: what the plan declares of the rack."""

from clusterwright.access import cooling_loop, leak_policy
from clusterwright.operate.rack.gates import declared
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Checks
from clusterwright.verify.declared import Declared

AS_DECLARED = "it holds what the plan declares"


async def look(rack: LiveRack) -> Checks:
    """Compare every device of the rack with the plan."""
    return await declared.look(rack, _parts(rack), AS_DECLARED)


async def act(rack: LiveRack) -> Checks:
    """Apply what differs; idle servers are switched on for it, and reset."""
    return await declared.act(rack, _parts(rack), AS_DECLARED)


def _parts(rack: LiveRack) -> list[Declared]:
    """All controllers with what they control, but for what other gates see to."""
    boards = (board.name for node in rack.nodes for board in node.board_controllers)
    names = (*(name for name, _ in rack.controllers()), *boards)
    elsewhere = (leak_policy, cooling_loop)
    return [one for one in rack.declared(names) if one.kind not in elsewhere]
