"""The operating systems that are ours to install, before the hosts' play."""

from dataclasses import replace

from clusterwright.access import os_install
from clusterwright.design.plan import BootService, Installation, Node
from clusterwright.errors import OperationError, UsageError
from clusterwright.operate.rack.gates.looking import each
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Checks, failed
from clusterwright.verify.desired import guard_of, order_of

INSTALLED = "it has the system of its answer file"


async def install(rack: LiveRack) -> Checks:
    """Install what is not installed yet; say what keeps a host from it.

    Nothing that is in service is disturbed, whatever maintenance allows: that is for `up`.
    """
    plan = rack.site.plan
    service, idle = plan.boot_service, {node.name: node for node in rack.idle}
    if service is None:
        return ()
    mine = [one for one in plan.installations if one.host in idle]
    return await each(_install(rack, idle[one.host], one, service) for one in mine)


async def _install(
    rack: LiveRack, node: Node, wanted: Installation, service: BootService
) -> Checks:
    doors = rack.site.doors
    guard = replace(guard_of(rack.site.plan, in_service=False), allowed=frozenset())
    order = order_of(rack.site.folder, rack.site.plan, wanted)
    rack.note(f"{node.name}: operating system")
    try:
        async with (
            doors.open(node.controller) as client,
            doors.boots.lend(service.address, service.port, say=rack.note) as means,
        ):
            outcome = await os_install.apply(client, order, means, guard)
    except (OperationError, UsageError) as error:
        return (failed(node.name, INSTALLED, str(error)),)
    return tuple(
        failed(node.name, INSTALLED, f"{one.actual}, but {one.expected} is declared", one.remedy)
        for one in outcome.pending
    )
