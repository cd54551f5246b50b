"""What makes a staged image run, from the mildest to the harshest."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass

from clusterwright.access.coolant_flow import Coolant
from clusterwright.access.firmware_inventory import Inventory, read_inventory
from clusterwright.access.guard import POWER_CYCLE, RESET, Difference, Guard
from clusterwright.access.power_change import RESTART, SHUTDOWN, switch_on
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.access.restart_signs import comes_up, tells_of_restarts
from clusterwright.access.settle import watch
from clusterwright.access.system import find_system, reset
from clusterwright.access.unrest import Unrest, unrest
from clusterwright.errors import DeviceRefused, DeviceUnreachable

MANAGER, SYSTEM, AUX, AC = "manager", "reset", "aux-cycle", "ac-cycle"
"""A restart of the controller alone; of the server; all power but standby's input; the input."""
ACTIVATIONS = (MANAGER, SYSTEM, AUX, AC)

AcCycle = Callable[[], Awaitable[None]]
"""Takes the line input of all power supplies away, and gives it back."""
Host = Callable[[], AbstractAsyncContextManager[Redfish]]
"""Connects to the BMC of a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What a server can lose its power by, where it may, and what must cool it afterwards.

    The controller of a board can restart itself alone: all else is told to the `host` it is in.
    """

    ac_cycle: AcCycle | None = None
    coolant: Coolant | None = None
    host: Host | None = None


_GRACE_S = 120.0
# A controller that had no power starts for minutes.
_RETURN_S = 900.0
_DISRUPTIONS = {SYSTEM: RESET, AUX: POWER_CYCLE, AC: POWER_CYCLE}


class _Manager(Resource):
    kind = Field("ManagerType", str, "")
    reset = Field("Actions/#Manager.Reset/target", str, "")
    reset_types: Field[list[str]] = Field(
        "Actions/#Manager.Reset/ResetType@Redfish.AllowableValues", list, []
    )


def permitted(guard: Guard, activation: str) -> bool:
    """Whether the images that need this may be made to run now; a controller disturbs nobody."""
    return activation == MANAGER or guard.permits(_DISRUPTIONS[activation])


def enough(activations: Collection[str]) -> tuple[str, ...]:
    """Return the events, in their order, that are enough for images that need these."""
    for harshest in (AC, AUX):
        if harshest in activations:
            return (harshest,)
    return tuple(one for one in (MANAGER, SYSTEM) if one in activations)


async def is_running(client: Redfish) -> bool:
    """Whether there is a server here and it is on; a CDU, a PDU and a shelf have none.

    Nor has a board's controller: it shows one that it cannot reset.
    """
    if "Systems" not in await client.root():
        return False
    system = await find_system(client)
    can_reset = system.at("Actions/#ComputerSystem.Reset/target") is not None
    return can_reset and system.power_state == "On"


@asynccontextmanager
async def server_of(client: Redfish, power: Power) -> AsyncIterator[Redfish]:
    """Connect to whoever switches the server that a device is, or is in."""
    if power.host is None:
        yield client
        return
    async with power.host() as host:
        yield host


async def activate(
    client: Redfish,
    event: str,
    inventory: Inventory,
    components: Collection[str],
    power: Power,
) -> None:
    """Make an event happen for the sake of `components`; the device may be gone for a while."""
    if event == MANAGER:
        await _restart_manager(client, inventory, components)
        return
    async with server_of(client, power) as server:
        await _change_power(server, event, power, lambda: _took(client, inventory))


async def _took(client: Redfish, inventory: Inventory) -> bool:
    return (await read_inventory(client)).staged != inventory.staged


async def _change_power(
    client: Redfish, event: str, power: Power, took: Callable[[], Awaitable[bool]]
) -> None:
    if event == SYSTEM:
        await _restart_server(client, took)
    elif event == AUX:
        await _shut_down(client)
        await _tell(client, "FullPowerCycle")
        await _bring_back(client, power.coolant)
    elif power.ac_cycle:
        was_running = await is_running(client)
        if was_running:
            await _shut_down(client)
        await power.ac_cycle()
        if was_running:
            await _bring_back(client, power.coolant)


async def _restart_manager(
    client: Redfish, inventory: Inventory, components: Collection[str]
) -> None:
    managers = await members(client, await from_root(client, "Managers"), _Manager)
    related = {
        str(item.get("@odata.id"))
        for name in components
        for item in inventory.running[name].related
    }
    able = [one for one in managers if one.reset]
    chosen = [one for one in able if one.path in related] or [
        one for one in able if len(able) == 1 or one.kind == "BMC"
    ]
    if not chosen:
        raise DeviceRefused(
            f"{client.name}: firmware of {', '.join(sorted(components))}: none of its managers can "
            f"be restarted; restart the controller by hand, and run the same command again"
        )
    for manager in chosen:
        known = [one for one in RESTART if one in manager.reset_types] or [RESTART[0]]
        with suppress(DeviceUnreachable):
            await client.post(manager.reset, {"ResetType": known[0]})


async def _restart_server(client: Redfish, took: Callable[[], Awaitable[bool]]) -> None:
    gentle, forced = RESTART
    before = await find_system(client)
    if await _tell(client, gentle, forced) == forced or not tells_of_restarts(before):
        return
    begun = comes_up(before)

    async def happened() -> bool:
        return begun(await find_system(client)) or await took()

    # Forcing one that is already at it could cut a flash in the middle: only if nothing happened.
    _, left = await watch(happened, _not_yet, deadline_s=_GRACE_S, waiting=client.waiting)
    if left:
        await _tell(client, forced)


async def _bring_back(client: Redfish, coolant: Coolant | None) -> None:
    """Switch the server on again, whatever its restore policy has made of it."""
    await watch(
        lambda: unrest(client),
        Unrest.left,
        deadline_s=_RETURN_S,
        waiting=client.waiting,
    )
    if not await is_running(client):
        await switch_on(client, coolant)


async def _shut_down(client: Redfish) -> None:
    """Let the operating system end by itself, if it does so in time."""

    async def off() -> bool:
        return (await find_system(client)).power_state == "Off"

    if not await off():
        await _tell(client, *SHUTDOWN)
        await watch(off, _not_yet, deadline_s=_GRACE_S, waiting=client.waiting)


def _not_yet(done: bool) -> tuple[Difference, ...]:  # noqa: FBT001 - a state that is read
    return () if done else (Difference(path="power", expected="changed", actual="as before"),)


async def _tell(client: Redfish, *kinds: str) -> str:
    # A BMC that loses its own power over it does not answer any more.
    with suppress(DeviceUnreachable):
        return await reset(client, await find_system(client), *kinds)
    return kinds[0]
