"""What stands behind every controller's address: its tree, its accounts, its tasks, its log."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from clusterwright.lab.facility.accounts import FIRST, Accounts
from clusterwright.lab.facility.certificate_store import CertificateStore
from clusterwright.lab.facility.controller_memory import (
    Account,
    ControllerMemory,
    digest,
    remembered,
)
from clusterwright.lab.facility.events import Events
from clusterwright.lab.facility.journal import Journal, JournalMemory
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.sessions import Sessions
from clusterwright.lab.facility.tasks import Tasks
from clusterwright.lab.facility.tree import Reply, Tree

Answer = Callable[[web.BaseRequest], Awaitable[Reply | web.StreamResponse]]
Hook = Callable[[web.BaseRequest, Answer], Awaitable[Reply | web.StreamResponse]]
"""Something that stands between a request and its answer."""


class Service:
    """One Redfish service. `grow` places what its device has, when somebody first asks."""

    def __init__(  # noqa: PLR0913
        self,
        folder: Path,
        name: str,
        login: tuple[str, str],
        grow: Callable[[], None],
        *,
        expands: bool = True,
        new: bool = False,
        pushes: bool = False,
    ) -> None:
        """`new` is a device whose password is still the factory's, which must be changed first.

        One that `pushes` connects to whoever subscribes to its events.
        """
        username, password = login
        first = Account(
            number=FIRST, username=username, digest=digest(username, password), must_change=new
        )
        factory = ControllerMemory(accounts={FIRST: first}, hostname=name)
        self.name, self.expands = name, expands
        self.memory = Memory(folder / f"{name}.controller.json", factory)
        self.memory.state = remembered(self.memory.state)
        self.tree = Tree(self._place)
        self.accounts = Accounts(self.memory)
        self.sessions = Sessions(self.tree, self.accounts, self.memory)
        self.tasks = Tasks(self.tree)
        self.events = Events(self.memory, pushes=pushes)
        self.journal = Journal(Memory(folder / f"{name}.log.json", JournalMemory()))
        self.journal.listeners.append(self.events.hear)
        self.store = CertificateStore(folder, name)
        self.certificate_changed: Callable[[], None] = lambda: None
        """Called when somebody has installed another certificate."""
        self.hooks: list[Hook] = []
        self._grow = grow

    @property
    def machine(self) -> int:
        """Which one this is of those that have stood at its place."""
        return self.memory.state.machine

    def tell_certificate_changed(self) -> None:
        """Let whoever shows the certificate know of the new one."""
        self.certificate_changed()

    def _place(self, tree: Tree) -> None:
        self.accounts.place(tree)
        self.sessions.place()
        self.tasks.place()
        self.events.place(tree)
        self._grow()

    async def close(self) -> None:
        """End what is under way."""
        await self.tasks.close()
        await self.events.close()
