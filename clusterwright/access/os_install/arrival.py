"""How an installed host arrives: it reports its key, boots from its disk, and lets us in."""

import asyncio
import time

from clusterwright.access.boot_service import Grant
from clusterwright.access.os_install.means import Means
from clusterwright.access.os_install.order import Order
from clusterwright.access.os_install.state import Presence
from clusterwright.access.os_install.state_of import state_of
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.exchange import Reply
from clusterwright.access.redfish.tasks import finish
from clusterwright.errors import DeviceError, DeviceRefused, HostError

_TRY_EVERY_S = 1.0


async def until_reported(
    client: Redfish, order: Order, means: Means, grant: Grant, reply: Reply
) -> None:
    """Wait for the host's report; a controller that says that the boot failed is believed.

    Raises:
        HostError: the installation failed, or there is no report in time.
    """
    failing = asyncio.ensure_future(_failure(client, reply, means.deadline_s))
    ends = time.monotonic() + means.deadline_s
    try:
        while not grant.host_key.done():
            if failing.done() and failing.result():
                raise HostError(
                    f"{order.host}: its installation failed: {failing.result()}; "
                    f"{grant.last_seen}; correct that and run clusterwright up again"
                )
            if time.monotonic() >= ends:
                raise HostError(
                    f"{order.host}: has not reported within {means.deadline_s:g} s, "
                    f"{grant.last_seen}; look at its console through the BMC, and run "
                    "clusterwright up again"
                )
            means.tell(f"installing: {grant.last_seen}")
            await asyncio.wait({grant.host_key}, timeout=_TRY_EVERY_S)
    finally:
        failing.cancel()


async def _failure(client: Redfish, reply: Reply, deadline_s: float) -> str:
    """Return why the reset that began it failed; nothing where it did not, or nobody knows."""
    try:
        await finish(client, reply, deadline_s=deadline_s)
    except DeviceRefused as error:
        # A task that is forgotten says nothing about the host.
        return "" if "404" in str(error) else str(error)
    except DeviceError:
        return ""
    return ""


async def until_let_in(order: Order, means: Means) -> None:
    """Wait until the host that reported boots from its disk and lets us in.

    Raises:
        HostError: it does not, in time.
    """
    means.tell("waiting for its first boot")
    ends = time.monotonic() + means.deadline_s
    while True:
        state = await state_of(means.folder, order)
        if state.presence is Presence.OURS and state.digest == order.digest:
            return
        if time.monotonic() >= ends:
            raise HostError(
                f"{order.host}: reported its host key, but does not let {order.user} in with it "
                f"({state.words or state.presence}); look at its console through the BMC"
            )
        await asyncio.sleep(_TRY_EVERY_S)
