"""Talk to many controllers at the same time, but not to all at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Vault, open_vault
from clusterwright.design.plan import Controller
from clusterwright.site_folder import SiteFolder

AT_ONCE = 128
DEADLINE_S = 10.0

R = TypeVar("R")
Connect = Callable[[Controller], AbstractAsyncContextManager[Redfish]]


def connector(folder: SiteFolder, vault: Vault | None = None) -> Connect:
    """Return what opens a conversation with a controller, logged in from the site's vault."""
    vault = vault or open_vault(folder.vault)

    def connect(controller: Controller) -> AbstractAsyncContextManager[Redfish]:
        return Redfish(
            address=str(controller.address),
            login=vault.login(controller.secret),
            ca_file=folder.ca_file,
            deadline_s=DEADLINE_S,
            name=controller.name,
        )

    return connect


async def at_once(jobs: Iterable[Callable[[], Awaitable[R]]]) -> list[R]:
    """Do all jobs, `AT_ONCE` of them at a time, and return their results in order."""
    places = asyncio.Semaphore(AT_ONCE)

    async def do(job: Callable[[], Awaitable[R]]) -> R:
        async with places:
            return await job()

    return list(await asyncio.gather(*(do(job) for job in jobs)))
