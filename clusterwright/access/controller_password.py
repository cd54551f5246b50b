"""The password of one controller: the vault's, which nobody else chose."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

from clusterwright.access import accounts
from clusterwright.access.controller_state import ControllerState, is_due
from clusterwright.access.endpoint import Endpoint, connect
from clusterwright.access.first_contact import Contact
from clusterwright.access.vault import Login, Made
from clusterwright.errors import UsageError

Keep = Callable[[str, Login, Login | None, Made], Awaitable[None]]
"""Writes a login into the vault under a name, with the one before it while that may still count."""


async def take_password(
    endpoint: Endpoint, desired: ControllerState, keep: Keep, pin: str
) -> Login:
    """Give a controller a password of its own, where it has none or an old one; return its login.

    Raises:
        DeviceRefusedLogin: neither the vault's login nor the one it came with opens it.
        UsageError: no login is known for it.
    """
    known = (*endpoint.logins, *endpoint.delivered)
    if not known:
        raise UsageError(
            f"secret {endpoint.secret}: the vault has no login under that name and none that "
            f"{endpoint.contact.name} came with; add it with ansible-vault edit, or read the "
            f"manifest in with clusterwright intake"
        )
    due = is_due(desired, endpoint.made) and len(endpoint.logins) == 1
    fresh = due or not endpoint.logins
    wanted = accounts.new_login(known[0].username) if fresh else endpoint.logins[0]

    async def write(login: Login, previous: Login | None) -> None:
        await keep(endpoint.secret, login, previous, made_of(endpoint, desired, login))

    opening = _opening(endpoint.contact, pin)
    present = [one for one in known if one != wanted]
    if not present and await accounts.opens(opening, wanted) is not accounts.Opening.EVERYTHING:
        # The vault has what it was delivered with, which opens nothing but its own change.
        present, wanted = [wanted], accounts.new_login(wanted.username)
    if present:
        await accounts.change_password(opening, present, wanted, write)
    return wanted


def made_of(endpoint: Endpoint, desired: ControllerState, login: Login) -> Made:
    """Return what is to be known of a login: one that the vault does not have yet is made today."""
    if login in endpoint.logins:
        return endpoint.made
    today = datetime.now(UTC).date()
    return replace(endpoint.made, rotation=desired.rotation, changed=today)


def _opening(contact: Contact, pin: str) -> accounts.Connect:
    return lambda login: connect(contact, login, pin)
