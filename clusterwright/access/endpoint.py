"""Where a controller is met, and as whom."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from clusterwright.access.first_contact import Contact
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.vault import Login, Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a controller is met, and as whom.

    `logins` are the vault's, the latest first; `delivered` those that it may have come with.
    """

    contact: Contact
    secret: str
    logins: tuple[Login, ...] = field(default=(), repr=False)
    delivered: tuple[Login, ...] = field(default=(), repr=False)
    made: Made = field(default_factory=Made)


def connect(contact: Contact, login: Login, pin: str = "") -> AbstractAsyncContextManager[Redfish]:
    """Open a conversation with a controller as somebody."""
    return Redfish(
        address=contact.address,
        login=login,
        ca_file=contact.ca_file,
        name=contact.name,
        pin=pin,
    )
