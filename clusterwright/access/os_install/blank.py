"""Whether nothing runs on a server that does not answer: what is there would be lost."""

import asyncio
import time
from dataclasses import replace

from clusterwright.access.guard import Guard
from clusterwright.access.os_install.order import Order
from clusterwright.access.os_install.state import InstallState, Presence
from clusterwright.access.os_install.state_of import state_of
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.system import find_system
from clusterwright.site_folder import SiteFolder

BOOT_S = 600.0
"""How long a server with a system may take until that answers."""
_POLL_S = 2.0
# A firmware that found nothing to boot stays in its menu.
_NOTHING_BOOTS = "SetupEntered"


async def believed(
    client: Redfish, folder: SiteFolder, order: Order, guard: Guard, *, boot_s: float = BOOT_S
) -> InstallState:
    """Return what is installed; BLANK only where the server has had its time to show a system."""
    ends = time.monotonic() + boot_s
    while True:
        state = await state_of(folder, order)
        if state.presence is not Presence.BLANK:
            return state
        system = await find_system(client)
        if why := _doubt(system.power_state, system.boot_progress, guard):
            return replace(state, presence=Presence.FOREIGN, words=why)
        if system.boot_progress == _NOTHING_BOOTS or time.monotonic() >= ends:
            return state
        await asyncio.sleep(_POLL_S)


def _doubt(power_state: str, boot_progress: str, guard: Guard) -> str:
    """Return why there may be a system, though it does not answer."""
    if guard.in_service:
        return "jobs run on it"
    if power_state != "On":
        return "it is switched off"
    return "its BMC says that a system runs" if boot_progress == "OSRunning" else ""
