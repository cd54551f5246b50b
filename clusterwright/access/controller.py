"""One controller for itself: its password, its certificate, its place in the network.

Nothing of this disturbs what it controls. A controller is met for the first time with the login
that it was delivered with, under the certificate that it was delivered with; from then on only
the vault's login and the site's CA count.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime

from clusterwright.access import accounts
from clusterwright.access.certificate import CertificateState, days_left
from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.controller_network import NetworkState, read_network, write_network
from clusterwright.access.controller_state import (
    NETWORK,
    NOT_OURS,
    REFUSED,
    ControllerState,
    differences,
    is_due,
    state_of,
    unknown_as,
)
from clusterwright.access.first_contact import Contact, Sign, meet, take_over
from clusterwright.access.guard import Difference, Outcome
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Resource
from clusterwright.access.redfish.walk import members
from clusterwright.access.settle import settle
from clusterwright.access.vault import Login, Made
from clusterwright.errors import DeviceRefusedLogin, UsageError

__all__ = ["ControllerState", "Endpoint", "apply", "connect", "differences", "look", "read"]

Keep = Callable[[str, Login, Login | None, Made], Awaitable[None]]
"""Writes a login into the vault under a name, with the one before it while that may still count."""
_NOT_KNOWN = Made()


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


class _Certificate(Resource):
    ends = Field("ValidNotAfter", str, "")


async def read(
    client: Redfish, desired: ControllerState | None = None, *, made: Made = _NOT_KNOWN
) -> ControllerState:
    """Return what is live, over a connection that the site's CA vouches for."""
    places, network = await read_network(client)
    left = None
    wanted = desired is None or desired.certificate_days is not None
    if wanted and places.certificates:
        ends = [one.ends for one in await members(client, places.certificates, _Certificate)]
        left = min((days_left(_moment(end)) for end in ends if end), default=None)
    return state_of(network, made, certificate_days=left)


async def look(endpoint: Endpoint, desired: ControllerState | None = None) -> ControllerState:
    """Return what is live, whoever has signed its certificate and whatever opens it.

    No password is sent to one that is not trusted, and the rest of it is then not known.
    """
    contact = endpoint.contact
    found = await read_certificate(contact.name, contact.address, contact.ca_file)
    if not found.trusted:
        state = state_of(NetworkState(), endpoint.made, certificate=found.issuer)
        return unknown_as(state, desired)
    if not endpoint.logins:
        return unknown_as(state_of(NetworkState(), endpoint.made, password=NOT_OURS), desired)
    try:
        async with connect(contact, endpoint.logins[0]) as client:
            _, network = await read_network(client)
    except DeviceRefusedLogin:
        return unknown_as(state_of(NetworkState(), endpoint.made, password=REFUSED), desired)
    return state_of(network, endpoint.made, certificate_days=days_left(found.ends))


async def apply(  # noqa: PLR0913 - whom to meet, what to bring, who helps
    endpoint: Endpoint,
    desired: ControllerState,
    *,
    keep: Keep,
    sign: Sign,
    show: Callable[[str], None],
    deadline_s: float = 120.0,
) -> Outcome[ControllerState]:
    """Take the controller over, as far as it has not been, and bring it to `desired`.

    `sign` is called only where a certificate is needed; `show` hears of one that is trusted as
    it is met.

    Raises:
        DeviceUntrusted: another certificate than the manifest's is met.
        DeviceRefusedLogin: neither the vault's login nor the one it came with opens it.
        DeviceRefused: it does not take what it is told.
        UsageError: no login is known for it, or nobody can sign for it.
    """
    met = await meet(endpoint.contact, show, taken_over=endpoint.made.taken_over)
    login = await _take_password(endpoint, desired, keep, met.pin)
    needed = desired.certificate_days or 0
    renew = met.state.trusted and days_left(met.state.ends) < needed
    shown_now: CertificateState = met.state
    if not met.state.trusted or renew:
        contact = endpoint.contact.as_whom(login)
        shown_now = await take_over(contact, sign, show, renew=renew, met=met)
    serial = f"{shown_now.serial:x}"
    made = replace(_made(endpoint, desired, login), taken_over=True, certificate=serial)
    await keep(endpoint.secret, login, None, made)
    await _take_network(endpoint.contact.as_whom(login), desired, deadline_s)
    return Outcome(state=_done(desired, shown_now))


def connect(contact: Contact, login: Login, pin: str = "") -> AbstractAsyncContextManager[Redfish]:
    """Open a conversation with a controller as somebody."""
    return Redfish(
        address=contact.address,
        login=login,
        ca_file=contact.ca_file,
        name=contact.name,
        pin=pin,
    )


async def apply_network(client: Redfish, desired: ControllerState, *, deadline_s: float) -> None:
    """Write what differs of a controller's network, and wait until it is so.

    Raises:
        DeviceRefused: it does not take it.
    """
    places, actual = await read_network(client)
    if not _network_differences(desired, actual):
        return
    await write_network(client, places, desired.network, actual, client.address)

    async def look_again() -> NetworkState:
        return (await read_network(client))[1]

    await settle(
        client,
        look_again,
        lambda state: _network_differences(desired, state),
        deadline_s=deadline_s,
    )


async def _take_password(
    endpoint: Endpoint, desired: ControllerState, keep: Keep, pin: str
) -> Login:
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
        await keep(endpoint.secret, login, previous, _made(endpoint, desired, login))

    opening = _opening(endpoint.contact, pin)
    present = [one for one in known if one != wanted]
    if not present and await accounts.opens(opening, wanted) is not accounts.Opening.EVERYTHING:
        # The vault has what it was delivered with, which opens nothing but its own change.
        present, wanted = [wanted], accounts.new_login(wanted.username)
    if present:
        await accounts.change_password(opening, present, wanted, write)
    return wanted


def _made(endpoint: Endpoint, desired: ControllerState, login: Login) -> Made:
    """Return what is to be known of a login: one that the vault does not have yet is made today."""
    if login in endpoint.logins:
        return endpoint.made
    today = datetime.now(UTC).date()
    return replace(endpoint.made, rotation=desired.rotation, changed=today)


def _opening(contact: Contact, pin: str) -> accounts.Connect:
    return lambda login: connect(contact, login, pin)


async def _take_network(contact: Contact, desired: ControllerState, deadline_s: float) -> None:
    async with connect(contact, contact.login) as client:
        await apply_network(client, desired, deadline_s=deadline_s)


def _network_differences(desired: ControllerState, actual: NetworkState) -> tuple[Difference, ...]:
    wrong = differences(desired, state_of(actual, Made()))
    return tuple(one for one in wrong if one.path in NETWORK)


def _done(desired: ControllerState, certificate: CertificateState) -> ControllerState:
    values = {one.name: getattr(desired, one.name) for one in fields(desired)}
    return ControllerState(**{**values, "certificate_days": days_left(certificate.ends)})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
