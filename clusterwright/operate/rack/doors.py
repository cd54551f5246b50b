"""How a run gets into controllers: whom it trusts, as whom it comes, one at a time at each."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from clusterwright.access.certificate_request import Names
from clusterwright.access.endpoint import Endpoint
from clusterwright.access.first_contact import Contact
from clusterwright.access.keeper import Keeper
from clusterwright.access.os_install import Boots
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login, Made, Vault, came_with, factory_secret, open_vault
from clusterwright.design.plan import Controller
from clusterwright.site_folder import SiteFolder

DEADLINE_S = 30.0
HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A conversation, as whom it is led, and what ends it."""

    client: Redfish
    login: Login
    pin: str
    stack: AsyncExitStack


class Doors:
    """Opens conversations with controllers; `pins` holds what first contact has let it trust.

    Logins lie in the vault; a changed one is written there first. Nothing here outlives a run.
    """

    def __init__(self, folder: SiteFolder, *, port: int = HTTPS) -> None:
        self.folder = folder
        self.pins: dict[str, str] = {}
        self._port = port
        self.vault: Vault = open_vault(folder.vault)
        self._keeper = Keeper(folder.vault)
        self._held: dict[str, _Held] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.boots = Boots(folder, self._opened, self._keeper)
        """What hosts are installed with."""

    async def _opened(self) -> Vault:
        return await asyncio.to_thread(open_vault, self.folder.vault)

    def address(self, controller: Controller) -> str:
        """Return where a controller answers."""
        port = "" if self._port == HTTPS else f":{self._port}"
        return f"{controller.address}{port}"

    def endpoint(self, device: str, controller: Controller, fingerprint: str = "") -> Endpoint:
        """Return where a controller is met, and as whom: by the vault, or as it was delivered."""
        own = self._logins(controller.secret)
        # What sits on a server's boards came with the server.
        delivered = self._logins(factory_secret(device)) or self._logins(
            came_with(controller.secret)
        )
        nobody = Login(username="", password="")
        contact = Contact(
            name=controller.name,
            address=self.address(controller),
            login=next(iter((*own, *delivered)), nobody),
            ca_file=self.folder.ca_file,
            names=Names(common=controller.name, address=controller.address),
            fingerprint=fingerprint,
        )
        return Endpoint(
            contact=contact,
            secret=controller.secret,
            logins=own,
            delivered=delivered,
            made=self.vault.made(controller.secret),
        )

    def _logins(self, secret: str) -> tuple[Login, ...]:
        return self.vault.logins(secret) if self.vault.has(secret) else ()

    @asynccontextmanager
    async def alone(self, controller: Controller) -> AsyncIterator[None]:
        """Let nobody else of this run talk to a controller whose login changes."""
        async with self._turns[controller.name]:
            await self._hang_up(controller.name)
            yield

    @asynccontextmanager
    async def taking_over(self, controller: Controller) -> AsyncIterator[None]:
        """Be alone with a controller that gets a certificate: then only the site's CA counts."""
        async with self.alone(controller):
            yield
            self.pins.pop(controller.name, None)

    @asynccontextmanager
    async def open(self, controller: Controller) -> AsyncIterator[Redfish]:
        """Talk to a controller as the vault's user, when nobody else of this run does.

        The conversation stays open for the next one, unless something goes wrong in it.
        """
        name = controller.name
        async with self._turns[name]:
            try:
                yield await self._client(controller)
            except BaseException:
                await self._hang_up(name)
                raise

    async def close(self, controllers: Iterable[Controller]) -> None:
        """End the conversations with these controllers; who needs one again opens it anew."""
        for controller in controllers:
            async with self._turns[controller.name]:
                await self._hang_up(controller.name)

    async def _client(self, controller: Controller) -> Redfish:
        name = controller.name
        login, pin = self.vault.login(controller.secret), self.pins.get(name, "")
        held = self._held.get(name)
        if held and (held.login, held.pin) == (login, pin):
            return held.client
        await self._hang_up(name)
        stack = AsyncExitStack()
        client = await stack.enter_async_context(self.as_user(controller, login))
        self._held[name] = _Held(client=client, login=login, pin=pin, stack=stack)
        return client

    async def _hang_up(self, name: str) -> None:
        if held := self._held.pop(name, None):
            await held.stack.aclose()

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

    async def keep(self, secret: str, login: Login, previous: Login | None, made: Made) -> None:
        """Write a login into the vault, and use it from now on."""
        await self._keeper.keep(secret, login, previous, made)
        self.vault = await asyncio.to_thread(open_vault, self.folder.vault)
