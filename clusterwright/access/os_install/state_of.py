"""Asking a host what it was installed with."""

from clusterwright.access.os_install.known import has_key, read_known
from clusterwright.access.os_install.order import Order
from clusterwright.access.os_install.state import InstallState, Presence
from clusterwright.access.ssh import run_on
from clusterwright.site_folder import SiteFolder

_MARKER = "/etc/clusterwright/installation"


async def state_of(folder: SiteFolder, order: Order) -> InstallState:
    """Return what is installed: as the host says, else as its line in known_hosts does."""
    said = await run_on(folder, order.address, order.user, f"cat {_MARKER}")
    if said.status == 0:
        digest, _, again = said.text.partition(" ")
        return InstallState(presence=Presence.OURS, digest=digest, again=again.strip())
    known = read_known(folder.known_hosts, order.host)
    if known and not said.known:
        return InstallState(
            presence=Presence.SILENT, digest=known.digest, again=known.again, words=said.text
        )
    if said.silent and not has_key(folder.known_hosts, order.host):
        return InstallState(presence=Presence.BLANK, words=said.text)
    return InstallState(presence=Presence.FOREIGN, words=said.text)
