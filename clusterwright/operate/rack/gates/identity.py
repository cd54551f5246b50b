"""Who stands where: each server against the record of what was delivered."""

import asyncio

from clusterwright.access import identity
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
    swapped = identity.misplaced(expected, actual)
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
    if own := next((said for said in swapped if _is_about(said, node.name)), ""):
        return failed(node.name, IS_THE_ONE, own)
    found_differences = identity.differences(expected, actual)
    if found_differences:
        said = " ".join(identity.sentences(node.name, found_differences))
        return failed(node.name, IS_THE_ONE, said)
    read = (
        f"serial number {actual.serial}, {sum(actual.gpus.values())} GPUs, "
        f"{len(actual.nics)} network adapters"
    )
    if not expected.serial:
        return unproven(
            node.name,
            IS_THE_ONE,
            f"the record does not know which one was delivered; met {read}",
            "run clusterwright intake with the delivery's manifest",
        )
    return passed(node.name, IS_THE_ONE, read)


def _is_about(said: str, name: str) -> bool:
    """Such a sentence begins with "su1-n1:", or with "su1-n1 and su1-n2 stand"."""
    words = said.replace(":", " ").split()
    return name in words[: 3 if "and" in words[1:2] else 1]
