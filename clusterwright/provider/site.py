"""The site that this provider works on: its logins, its CA, its plan, and whose turn it is."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusterwright.access.authority import Authority, open_authority
from clusterwright.access.keeper import Keeper
from clusterwright.access.os_install import Boots
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.vault import Login, Made, Vault, open_vault
from clusterwright.errors import DeviceUnreachable
from clusterwright.site_folder import SiteFolder, find_site

if TYPE_CHECKING:
    from clusterwright.design.plan import SitePlan

DEVICES_AT_ONCE = 64
SILENT_S = 60.0
"""For how long a device that has not answered is not read again; writes always ask it."""
PLAYS_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silence:
    """When a device was last asked in vain, and what was said of it."""

    at_s: float
    sentence: str


class Site:
    """Opens connections to the site's devices, one operation per device at a time.

    Vault and plan are opened when they are first needed, so what needs neither works without a
    passphrase or a valid definition; a login is never kept outside of the vault.
    """

    def __init__(self, folder: SiteFolder) -> None:
        self.folder = folder
        self._opening = asyncio.Lock()
        self._keeper = Keeper(folder.vault)
        self._vault: Vault | None = None
        self._vault_as_of = 0
        self._plan: SitePlan | None = None
        self._maintenance: asyncio.Semaphore | None = None
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._devices = asyncio.Semaphore(DEVICES_AT_ONCE)
        self._plays = asyncio.Semaphore(PLAYS_AT_ONCE)
        self._cutting = asyncio.Lock()
        self._silent: dict[str, _Silence] = {}
        self.boots = Boots(folder, self.vault, self._keeper)

    @asynccontextmanager
    async def device(self, address: str, secret: str) -> AsyncIterator[Redfish]:
        """Connect to a device when it is its turn."""
        # The other way round, one that waits with a turn could keep out who would end its wait.
        async with self._devices, self.beside(address, secret) as client:
            yield client

    @asynccontextmanager
    async def look(self, address: str, secret: str) -> AsyncIterator[Redfish]:
        """Connect to a device that is only read, when it is its turn."""
        async with (
            self._devices,
            self._turns[address],
            self._unless_silent(address),
            self._connect(address, secret) as client,
        ):
            yield client

    @asynccontextmanager
    async def look_by_oneself(self, address: str) -> AsyncIterator[None]:
        """Wait until it is a device's turn, to read it in one's own way."""
        async with self.turn(address), self._unless_silent(address):
            yield

    @asynccontextmanager
    async def beside(self, address: str, secret: str) -> AsyncIterator[Redfish]:
        """Connect to one more device, for an operation that has connected to its own already.

        Several such devices are connected to in the order of their addresses.
        """
        async with self._turns[address], self._connect(address, secret) as client:
            yield client

    @asynccontextmanager
    async def _connect(self, address: str, secret: str) -> AsyncIterator[Redfish]:
        login = (await self.vault()).login(secret)
        client = Redfish(address=address, login=login, ca_file=self.folder.ca_file, name=secret)
        async with client:
            yield client

    @asynccontextmanager
    async def _unless_silent(self, address: str) -> AsyncIterator[None]:
        """Wait for the deadline of a device that does not answer once, not for each resource."""
        last = self._silent.get(address)
        if last and time.monotonic() - last.at_s < SILENT_S:
            raise DeviceUnreachable(last.sentence)
        try:
            yield
        except DeviceUnreachable as error:
            self._silent[address] = _Silence(at_s=time.monotonic(), sentence=str(error))
            raise

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait until it is a device's turn, to meet it in one's own way."""
        async with self._devices, self._turns[address]:
            yield

    async def vault(self) -> Vault:
        """Return the vault as it is now, with every login that has been kept.

        Raises:
            UsageError: it cannot be opened.
        """
        async with self._opening:
            if self._vault is None or self._vault_as_of != self._keeper.writes:
                as_of = self._keeper.writes
                self._vault = await asyncio.to_thread(open_vault, self.folder.vault)
                self._vault_as_of = as_of
            return self._vault

    async def keep(self, name: str, login: Login, previous: Login | None, made: Made) -> None:
        """Write a login into the vault; whoever asks from now on gets it."""
        await self._keeper.keep(name, login, previous, made)

    async def authority(self, valid_days: int) -> Authority:
        """Return the CA that signs for the site's controllers.

        Raises:
            UsageError: the vault has no key for it.
        """
        vault = await self.vault()
        return open_authority(self.folder.ca_file, vault, valid_days=valid_days)

    @asynccontextmanager
    async def cutting(self) -> AsyncIterator[None]:
        """Wait until nobody else of this site takes power away.

        Two PDUs that are cut at once would together take what each alone leaves. Whoever asks has
        no device yet: one that waits here with a device could keep out who would end its wait.
        """
        async with self._cutting:
            yield

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
        at_once = (await self.plan()).maintenance.at_once
        self._maintenance = self._maintenance or asyncio.Semaphore(at_once)
        async with self._maintenance:
            yield

    async def plan(self) -> "SitePlan":
        """Load and design the site, once.

        Raises:
            DefinitionError: the definition cannot work.
        """
        async with self._opening:
            if self._plan is None:
                self._plan = await asyncio.to_thread(_plan, self.folder)
            return self._plan


async def open_site(name: str) -> Site:
    """Find the site of that name or folder; nothing of it is contacted.

    Raises:
        UsageError: there is no such site.
    """
    return Site(find_site(name))


def _plan(folder: SiteFolder) -> "SitePlan":
    # Most providers never need the plan, and to read all that designs it takes half a second.
    from clusterwright.design import design  # noqa: PLC0415
    from clusterwright.load import load_site  # noqa: PLC0415

    return design(load_site(folder))
