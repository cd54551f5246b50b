"""A device met for the first time: pinned, then given a certificate of the site's CA."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from clusterwright.access.certificate import (
    SITES_CA,
    CertificateState,
    not_of_the_site,
    read,
    revoked_words,
)
from clusterwright.access.certificate_request import Names, install, request
from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.tls import pinned
from clusterwright.access.settle import watch
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceUntrusted

Sign = Callable[[str, Names], Awaitable[str]]
"""What the site's CA makes of a request in PEM, for exactly these names: a certificate in PEM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A device before it has a certificate of ours. `fingerprint` is empty where nobody knows it.

    `names` are those that its certificate shall be for.
    """

    name: str
    address: str
    login: Login
    ca_file: Path
    names: Names
    fingerprint: str = ""

    def as_whom(self, login: Login) -> "Contact":
        """Return the same device, met with another login."""
        return replace(self, login=login)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What a device showed, and the pin for it where the site's CA does not vouch for it."""

    state: CertificateState
    pin: str


async def meet(
    contact: Contact, show: Callable[[str], None], *, taken_over: bool = False
) -> Meeting:
    """Look at what a device shows, and decide whether it may be spoken to.

    Of one that has been taken over, only the site's CA counts, or what the manifest says.

    Raises:
        DeviceUntrusted: another certificate than that of the manifest is met, or a revoked one.
    """
    found = await read(contact.name, contact.address, contact.ca_file)
    if found.revoked:
        raise DeviceUntrusted(
            f"{contact.name} ({contact.address}): no password was sent: {revoked_words(found)}"
        )
    if taken_over and not found.trusted and not contact.fingerprint:
        raise DeviceUntrusted(
            f"{contact.name} ({contact.address}): its certificate is of {found.issuer}, but it has "
            f"had one of the site's CA: somebody else may answer here, and no password was sent; "
            f"check the cable. Where it was reset or replaced, read its manifest in again, or take "
            f"taken_over away from its login with ansible-vault edit"
        )
    return Meeting(state=found, pin="" if found.trusted else _pin(contact, found, show))


async def take_over(  # noqa: PLR0913 - whom to meet, who signs, who hears of it, and when
    contact: Contact,
    sign: Sign,
    show: Callable[[str], None],
    *,
    renew: bool = False,
    met: Meeting | None = None,
    deadline_s: float = 60.0,
) -> CertificateState:
    """Give the device a certificate of the site's CA, unless it has one and none shall be renewed.

    The first certificate is compared with the fingerprint of the manifest; without one it is
    pinned as it is met, and `show` tells the operator. From then on only the site's CA counts.

    Raises:
        DeviceUntrusted: another certificate than the pinned one is met, or the new one is not
            trusted either.
        DeviceRefused: it makes no request for its names, or does not take the certificate.
    """
    met = met or await meet(contact, show)
    found = met.state
    if found.trusted and not renew:
        return found
    async with Redfish(
        address=contact.address,
        login=contact.login,
        ca_file=contact.ca_file,
        name=contact.name,
        pin=met.pin,
    ) as client:
        wanted = await request(client, contact.names)
        await install(client, wanted, await sign(wanted.pem, contact.names))
    return await _proven(contact, found, deadline_s)


def _pin(contact: Contact, found: CertificateState, show: Callable[[str], None]) -> str:
    expected = contact.fingerprint
    where = f"{contact.name} ({contact.address})"
    if not expected:
        show(
            f"{where}: first contact: trusted the certificate {found.fingerprint} of "
            f"{found.subject}; compare it with the device's label"
        )
    elif pinned(expected).fingerprint.hex() != found.fingerprint:
        raise DeviceUntrusted(
            f"{where}: its certificate has fingerprint {found.fingerprint}, but the manifest has "
            f"{expected}: somebody else may answer here; check the cable, or correct the manifest"
        )
    return found.fingerprint


async def _proven(
    contact: Contact, before: CertificateState, deadline_s: float
) -> CertificateState:
    """A controller may restart its web server over a new certificate."""

    def unfinished(state: CertificateState) -> tuple[Difference, ...]:
        if state.trusted and state.fingerprint != before.fingerprint:
            return ()
        return (not_of_the_site(state.issuer),)

    state, left = await watch(
        lambda: read(contact.name, contact.address, contact.ca_file),
        unfinished,
        deadline_s=deadline_s,
    )
    if left:
        raise DeviceUntrusted(
            f"{contact.name} ({contact.address}): took a new certificate, but shows "
            f"{state.fingerprint} of {state.issuer}, which is not {SITES_CA}; restart its "
            f"controller, and check that ca.pem is of the CA that signed"
        )
    return state
