"""The outlets of a rack PDU."""

from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.access.guard import Difference, Guard, Outcome
from clusterwright.access.redfish.client import Redfish


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletsState:
    """The power state, On or Off, of outlets by number."""

    outlets: Mapping[int, str]


async def read(client: Redfish, desired: OutletsState | None = None) -> OutletsState:
    """Return the outlets that `desired` names, or all that the PDU has."""
    raise NotImplementedError


def differences(
    desired: OutletsState, actual: OutletsState, guard: Guard | None = None
) -> tuple[Difference, ...]:
    """Compare; with a guard, a cut that it does not permit now is marked pending."""
    raise NotImplementedError


async def apply(
    client: Redfish, desired: OutletsState, guard: Guard, *, deadline_s: float = 60.0
) -> Outcome[OutletsState]:
    """Switch outlets until they are as `desired`; a cut needs the interlock's consent."""
    raise NotImplementedError
