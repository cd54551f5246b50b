"""How a run gets into controllers: whom it trusts, as whom it comes, one at a time at each."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Keeper, Login, Vault, open_vault
from clusterwright.design.plan import Controller
from clusterwright.site_folder import SiteFolder

DEADLINE_S = 30.0
HTTPS = 443


class Doors:
    """Opens conversations with controllers; `pins` holds what first contact has let it trust.

    Logins lie in the vault; a changed one is written there first. Nothing here outlives a run.
    """

    def __init__(self, folder: SiteFolder, *, port: int = HTTPS) -> None:
        self.folder = folder
        self.pins: dict[str, str] = {}
        self._port = port
        self._vault: Vault = open_vault(folder.vault)
        self._keeper = Keeper(folder.vault)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def address(self, controller: Controller) -> str:
        """Return where a controller answers."""
        port = "" if self._port == HTTPS else f":{self._port}"
        return f"{controller.address}{port}"

    def logins(self, controller: Controller) -> tuple[Login, ...]:
        """Return what may open it by the vault, the most likely first."""
        return self._vault.logins(controller.secret)

    @asynccontextmanager
    async def open(self, controller: Controller) -> AsyncIterator[Redfish]:
        """Talk to a controller as the vault's user, when nobody else of this run does."""
        async with self._turns[controller.name]:
            login = self._vault.login(controller.secret)
            async with self.as_user(controller, login) as client:
                yield client

    def as_user(self, controller: Controller, login: Login) -> AbstractAsyncContextManager[Redfish]:
        """Talk to a controller as somebody."""
        return Redfish(
            address=self.address(controller),
            login=login,
            ca_file=self.folder.ca_file,
            deadline_s=DEADLINE_S,
            name=controller.name,
            pin=self.pins.get(controller.name, ""),
        )

    async def keep(self, controller: Controller, login: Login, previous: Login | None) -> None:
        """Write a login into the vault, and use it from now on."""
        await self._keeper.keep(controller.secret, login, previous)
        self._vault = await asyncio.to_thread(open_vault, self.folder.vault)
