"""From what is installed to what shall be."""

from clusterwright.access.guard import Guard, Outcome
from clusterwright.access.os_install.blank import believed
from clusterwright.access.os_install.means import Means
from clusterwright.access.os_install.order import Order
from clusterwright.access.os_install.run import install
from clusterwright.access.os_install.state import (
    InstallState,
    Presence,
    asked_for,
    differences,
)
from clusterwright.access.os_install.state_of import state_of
from clusterwright.access.redfish.client import Redfish
from clusterwright.errors import HostError
from clusterwright.site_folder import SiteFolder


async def read(folder: SiteFolder, order: Order) -> InstallState:
    """Return what is installed on the host."""
    return await state_of(folder, order)


async def apply(client: Redfish, order: Order, means: Means, guard: Guard) -> Outcome[InstallState]:
    """Install the host where that is due and permitted; a host that is installed is left alone.

    Raises:
        HostError: the installation failed, or a host that we have installed does not let us in.
    """
    # Where an earlier run was in the middle of it, there is nothing on the disk to be lost.
    begun = await means.attempts.find(order.host) is not None
    look = state_of(means.folder, order) if begun else believed(client, means.folder, order, guard)
    actual = await look
    if begun and actual.presence is Presence.OURS and not asked_for(order.again, actual):
        await means.attempts.forget(order.host)
        begun = False
    due = begun or asked_for(order.again, actual)
    if due and (begun or not _held(order, actual, guard)):
        await install(client, order, means)
        actual = await state_of(means.folder, order)
    elif actual.presence is Presence.SILENT and not due:
        raise HostError(
            f"{order.host}: was installed by us, but does not let {order.user} in at "
            f"{order.address} ({actual.words}); switch it on and repair it, or write a word for it "
            "in installation.again to install it anew"
        )
    return Outcome(state=actual, pending=differences(order.digest, order.again, actual, guard))


def _held(order: Order, actual: InstallState, guard: Guard) -> bool:
    return any(d.pending for d in differences(order.digest, order.again, actual, guard))
