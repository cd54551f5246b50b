"""The site that this provider works on: its logins, its CA, and whose turn it is."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.vault import Login, Vault, open_vault
from clusterwright.site_folder import SiteFolder, find_site

DEVICES_AT_ONCE = 64
PLAYS_AT_ONCE = 4


class Site:
    """Opens connections to the site's devices, one operation per device at a time.

    The vault is opened when the first login is needed, so a preview of what touches nothing works
    without its passphrase; a login is never kept outside of it.
    """

    def __init__(self, folder: SiteFolder, *, maintenance_at_once: int) -> None:
        self.folder = folder
        self._vault: Vault | None = None
        self._vault_lock = asyncio.Lock()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._devices = asyncio.Semaphore(DEVICES_AT_ONCE)
        self._plays = asyncio.Semaphore(PLAYS_AT_ONCE)
        self._maintenance = asyncio.Semaphore(maintenance_at_once)

    @asynccontextmanager
    async def device(self, address: str, secret: str) -> AsyncIterator[Redfish]:
        """Connect to a device when it is its turn."""
        async with self._turns[address], self._devices:
            login = await self._login(secret)
            client = Redfish(address=address, login=login, ca_file=self.folder.ca_file, name=secret)
            async with client:
                yield client

    @asynccontextmanager
    async def play(self, rack: str) -> AsyncIterator[None]:
        """Wait until no other play runs on the rack, and not too many anywhere."""
        async with self._turns[f"play on {rack}"], self._plays:
            yield

    @asynccontextmanager
    async def maintenance(self, *, disruptive: bool) -> AsyncIterator[None]:
        """Where jobs may be interrupted, wait until few enough nodes are interrupted already."""
        if not disruptive:
            yield
            return
        async with self._maintenance:
            yield

    async def _login(self, secret: str) -> Login:
        async with self._vault_lock:
            if self._vault is None:
                self._vault = await asyncio.to_thread(open_vault, self.folder.vault)
        return self._vault.login(secret)


async def open_site(name: str) -> Site:
    """Find the site of that name or folder; nothing of it is contacted.

    Raises:
        UsageError: there is no such site.
    """
    return Site(find_site(name), maintenance_at_once=1)
