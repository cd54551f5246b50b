"""One controller for itself: its password, its certificate, its place in the network.

Nothing of this disturbs what it controls. A controller is met for the first time with the login
that it was delivered with, under the certificate that it was delivered with; from then on only
the vault's login and the site's CA count.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime

from clusterwright.access.certificate import CertificateState, days_left
from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.controller_network import NetworkState, read_network, write_network
from clusterwright.access.controller_password import Keep, made_of, take_password
from clusterwright.access.controller_state import (
    NETWORK,
    NOT_OURS,
    REFUSED,
    ControllerState,
    differences,
    state_of,
    unknown_as,
)
from clusterwright.access.endpoint import Endpoint, connect
from clusterwright.access.first_contact import Contact, Sign, meet, take_over
from clusterwright.access.guard import Difference, Outcome
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Resource
from clusterwright.access.redfish.walk import members
from clusterwright.access.settle import settle
from clusterwright.access.vault import Made
from clusterwright.errors import DeviceRefusedLogin

__all__ = ["ControllerState", "Endpoint", "apply", "connect", "differences", "look", "read"]

_NOT_KNOWN = Made()


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
        state = state_of(NetworkState(), endpoint.made, certificate=found.signer)
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
    login = await take_password(endpoint, desired, keep, met.pin)
    needed = desired.certificate_days or 0
    renew = met.state.trusted and days_left(met.state.ends) < needed
    shown_now: CertificateState = met.state
    if not met.state.trusted or renew:
        contact = endpoint.contact.as_whom(login)
        shown_now = await take_over(contact, sign, show, renew=renew, met=met)
    serial = f"{shown_now.serial:x}"
    made = replace(made_of(endpoint, desired, login), taken_over=True, certificate=serial)
    await keep(endpoint.secret, login, None, made)
    await _take_network(endpoint.contact.as_whom(login), desired, deadline_s)
    return Outcome(state=_done(desired, shown_now))


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
