"""How each kind of device is looked at and applied: as `clusterwright up` does it."""

from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from clusterwright.access import ac_cycle, controller, firmware, node, platform
from clusterwright.access.authority import open_authority
from clusterwright.access.certificate_request import Names
from clusterwright.access.guard import Difference
from clusterwright.access.redfish import Redfish
from clusterwright.operate.rack.site import LiveRack
from clusterwright.verify.declared import Declared, Itself
from clusterwright.verify.facility_drift import staged_against


def rank(device: Declared) -> int:
    """Order the parts of a device: whom to talk to comes first, a new image last."""
    if isinstance(device.kind, Itself):
        return 0
    return {platform: 1, node: 2, firmware: 3}.get(device.kind, 2)


async def compare(rack: LiveRack, device: Declared) -> tuple[Difference, ...]:
    """Return what is not as declared."""
    if isinstance(device.kind, Itself):
        endpoint = rack.site.doors.endpoint(
            device.subject, device.controller, _fingerprint(rack, device)
        )
        return controller.differences(device.state, await controller.look(endpoint, device.state))
    async with rack.site.doors.open(device.controller) as client:
        actual = await device.kind.read(client, device.state)
    found: tuple[Difference, ...] = device.kind.differences(device.state, actual, device.guard)
    if isinstance(actual, node.NodeState):
        return (*found, *staged_against(device.state, actual))
    return found


async def apply(rack: LiveRack, device: Declared) -> None:
    """Bring a device to what is declared; what is so already costs a look."""
    if isinstance(device.kind, Itself):
        await _take_over(rack, device)
        return
    means: dict[str, Any] = {"deadline_s": rack.site.patience.settle_s}
    if device.kind is firmware:
        server = rack.servers_of_boards().get(device.subject)
        means["ac_cycle"] = partial(_cut_and_restore, rack, server or device.subject)
        means |= _host(rack, server)
    async with rack.site.doors.open(device.controller) as client:
        await device.kind.apply(client, device.state, device.guard, **means)


def _host(rack: LiveRack, server: str | None) -> dict[str, Any]:
    """What a board needs besides: whoever resets the server that it is in."""
    controller = next((node.controller for node in rack.nodes if node.name == server), None)
    return {"host": partial(rack.site.doors.open, controller)} if controller else {}


async def _take_over(rack: LiveRack, device: Declared) -> None:
    doors, policy = rack.site.doors, rack.site.plan.controllers
    days = policy.valid_days if policy else 0

    async def sign(request: str, names: Names) -> str:
        authority = open_authority(doors.folder.ca_file, doors.vault, valid_days=days)
        return await authority.sign(request, names)

    async with doors.taking_over(device.controller):
        # Another rack on the same loop may just have been here.
        endpoint = doors.endpoint(device.subject, device.controller, _fingerprint(rack, device))
        await controller.apply(endpoint, device.state, keep=doors.keep, sign=sign, show=rack.note)


def _fingerprint(rack: LiveRack, device: Declared) -> str:
    """What first contact has trusted counts until the site's CA has signed."""
    pinned = rack.site.doors.pins.get(device.controller.name, "")
    return pinned or rack.site.fingerprints.get(device.subject, "")


async def _cut_and_restore(rack: LiveRack, name: str) -> None:
    supplies = next((one.power_supplies for one in rack.nodes if one.name == name), ())
    pdus = {pdu.name: pdu for pdu in rack.pdus}
    outlets: dict[Redfish, list[int]] = {}
    async with AsyncExitStack() as stack:
        # In one order for everybody, so that no two wait for each other.
        for pdu in sorted({supply.pdu for supply in supplies}):
            client = await stack.enter_async_context(rack.site.doors.open(pdus[pdu].controller))
            outlets[client] = [one.outlet for one in supplies if one.pdu == pdu]
        await ac_cycle.cycle(outlets)
