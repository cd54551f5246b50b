"""The boot service of a site: open from the first installation that needs it to the last."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from clusterwright.access.boot_service import BootService, identity_of, serve_boots
from clusterwright.access.keeper import Keeper
from clusterwright.access.os_install.attempt import Attempts
from clusterwright.access.os_install.means import Hear, Means, unheard
from clusterwright.access.vault import Vault
from clusterwright.site_folder import SiteFolder


class Boots:
    """Lends what installs a host; one service serves all hosts of the site."""

    def __init__(
        self, folder: SiteFolder, vault: Callable[[], Awaitable[Vault]], keeper: Keeper
    ) -> None:
        self._folder, self._vault, self._keeper = folder, vault, keeper
        self._turn = asyncio.Lock()
        self._service: BootService | None = None
        self._borrowers = 0
        self._serving = AsyncExitStack()

    @asynccontextmanager
    async def lend(
        self, address: str, port: int, *, tell: Hear = unheard, say: Hear = unheard
    ) -> AsyncIterator[Means]:
        """Lend it for one installation, of which `tell` and `say` hear as in `Means`.

        Raises:
            UsageError: the vault has nothing by which the service is trusted.
            OperationError: the address is not this machine's.
        """
        vault = await self._vault()
        service = await self._open(address, port, vault)
        try:
            yield Means(
                folder=self._folder,
                service=service,
                vault=vault,
                attempts=Attempts(keeper=self._keeper),
                tell=tell,
                say=say,
            )
        finally:
            await self._close()

    async def _open(self, address: str, port: int, vault: Vault) -> BootService:
        async with self._turn:
            if self._service is None:
                identity = await identity_of(vault, self._folder.ca_file, address)
                serving = serve_boots(address, port, identity)
                self._service = await self._serving.enter_async_context(serving)
            self._borrowers += 1
            return self._service

    async def _close(self) -> None:
        async with self._turn:
            self._borrowers -= 1
            if self._borrowers == 0:
                self._service = None
                await self._serving.aclose()
