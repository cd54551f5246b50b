"""In service: from now on jobs may run, and nothing disruptive happens without permission."""

from clusterwright.design.plan import Node, ServiceState
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed

IN_SERVICE = "jobs may run on it, by the record"


async def look(rack: LiveRack) -> Checks:
    """Read the record; who drained a node has had a reason."""
    return tuple(_check(rack, node) for node in rack.nodes)


async def act(rack: LiveRack) -> Checks:
    """Write new nodes down as in service."""
    new = [n.name for n in rack.nodes if n.service_state is ServiceState.NEW]
    rack.now_in_service |= set(new)
    await rack.site.put_into_service(new)
    return ()


def _check(rack: LiveRack, node: Node) -> Check:
    state = node.service_state
    if node.name in rack.now_in_service or state is ServiceState.IN_SERVICE:
        return passed(node.name, IN_SERVICE, "in service")
    if state is ServiceState.DRAINED:
        return passed(node.name, IN_SERVICE, "drained on purpose; it stays so")
    return failed(node.name, IN_SERVICE, "it is new", "run without --dry-run and --until")
