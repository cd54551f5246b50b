"""What a fault is: a name, what it can happen to, and how it happens and is undone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clusterwright.lab.facility.serve import Facility

Undo = Callable[[], Awaitable[None]]
Inject = Callable[["Facility", str], Awaitable[Undo]]
CONTROLLERS = frozenset({"bmc", "hgx", "dpu", "cdu", "pdu", "shelf"})
FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`about` says in one sentence what is wrong; `inject` does it, and returns what undoes it.

    `kinds` are the devices it can happen to, `fits` says which of them.
    """

    name: str
    about: str
    kinds: frozenset[str]
    inject: Inject
    fits: Callable[["Facility", str], bool] = lambda _, __: True

    def subjects(self, facility: "Facility") -> tuple[str, ...]:
        """Return the names of what it can happen to."""
        feeds = tuple(facility.feeds) if FEED in self.kinds else ()
        devices = (one for one in facility.endpoints.values() if one.kind in self.kinds)
        return (*feeds, *(d.subject for d in devices if self.fits(facility, d.subject)))


def at_once(inject: Callable[["Facility", str], Callable[[], None]]) -> Inject:
    """Return a fault's way to happen that needs no waiting."""

    async def waiting(facility: "Facility", subject: str) -> Undo:
        undo = inject(facility, subject)

        async def later() -> None:
            undo()

        return later

    return waiting
