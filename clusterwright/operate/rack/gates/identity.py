"""Who stands where: each server against the record of what was delivered."""

import asyncio

from clusterwright.access import identity, strangers
from clusterwright.access.identity import IdentityState
from clusterwright.design.plan import Node
from clusterwright.errors import DeviceError
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, failed, passed, unproven

IS_THE_ONE = "the server is the one of the record, with all its parts"


async def look(rack: LiveRack) -> Checks:
    """Compare every server of the rack with the record, and say where the strangers belong."""
    expected = rack.site.expected
    met = await asyncio.gather(*(_read(rack, node) for node in rack.nodes))
    actual = {
        node.name: one
        for node, one in zip(rack.nodes, met, strict=True)
        if isinstance(one, IdentityState)
    }
    swapped = strangers.misplaced(expected, actual)
    checks = [
        _check(node, expected[node.name], actual[node.name], swapped)
        for node in rack.nodes
        if node.name in actual
    ]
    return (*checks, *(one for one in met if isinstance(one, Check)))


async def _read(rack: LiveRack, node: Node) -> IdentityState | Check:
    try:
        async with rack.site.doors.open(node.controller) as client:
            return await identity.read(client)
    except DeviceError as error:
        return failed(node.name, IS_THE_ONE, str(error))


def _check(
    node: Node,
    expected: IdentityState,
    actual: IdentityState,
    swapped: tuple[str, ...],
) -> Check:
    if own := strangers.said_of(node.name, swapped):
        return failed(node.name, IS_THE_ONE, own)
    found_differences = identity.differences(expected, actual)
    if found_differences:
        said = " ".join(strangers.sentences(node.name, found_differences))
        return failed(node.name, IS_THE_ONE, said)
    read = (
        f"serial number {actual.serial}, {sum((actual.gpus or {}).values())} GPUs, "
        f"{len(actual.ports or {})} network adapters"
    )
    if not expected.serial:
        return unproven(
            node.name,
            IS_THE_ONE,
            f"the record does not know which one was delivered; met {read}",
            "run clusterwright intake with the delivery's manifest",
        )
    if untold := identity.untold(expected, actual):
        return unproven(
            node.name,
            IS_THE_ONE,
            f"its BMC tells nothing of {' and '.join(untold)}; met {read}",
            "update the BMC's firmware, or count them by hand",
        )
    return passed(node.name, IS_THE_ONE, read)
