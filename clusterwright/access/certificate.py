"""The certificate of a device: pinned at first contact, then replaced by one of the site's CA."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from yarl import URL

from clusterwright.access.certificate_request import Names, install, request
from clusterwright.access.guard import Difference
from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.tls import pinned, trust
from clusterwright.access.settle import watch
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceUnreachable, DeviceUntrusted

Sign = Callable[[str, Names], Awaitable[str]]
"""What the site's CA makes of a request in PEM, for exactly these names: a certificate in PEM."""

_GREETING_S = 10.0
_SITES_CA = "one of the site's CA for this address"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateState:
    """What a device shows; `fingerprint` is the SHA-256 in hexadecimal digits."""

    fingerprint: str
    subject: str
    issuer: str
    ends: datetime
    trusted: bool
    serial: int = 0


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


async def read(name: str, address: str, ca_file: Path) -> CertificateState:
    """Return what the device shows to anybody who connects; no login is sent.

    Raises:
        DeviceUnreachable: nobody answers there.
        DeviceUntrusted: it shows none over a TLS that is new enough.
    """
    strict = trust(ca_file)
    try:
        shown = x509.load_der_x509_certificate(await _greet(name, address, _anybody()))
    except ssl.SSLError as error:
        raise DeviceUntrusted(
            f"{name} ({address}): shows no certificate over TLS 1.2 or newer ({error.reason}); "
            f"update its firmware"
        ) from error
    trusted = True
    try:
        await _greet(name, address, strict)
    except ssl.SSLError:
        trusted = False
    return CertificateState(
        fingerprint=shown.fingerprint(hashes.SHA256()).hex(),
        subject=shown.subject.rfc4514_string(),
        issuer=shown.issuer.rfc4514_string(),
        ends=shown.not_valid_after_utc,
        trusted=trusted,
        serial=shown.serial_number,
    )


def differences(actual: CertificateState, *, needed_until: datetime) -> tuple[Difference, ...]:
    """Say what is wrong with a certificate that must be good until some time."""
    if not actual.trusted:
        return (_difference("issuer", _SITES_CA, f"{actual.issuer} ({actual.fingerprint})"),)
    if actual.ends < needed_until:
        return (_difference("ends", f"after {needed_until:%Y-%m-%d}", f"{actual.ends:%Y-%m-%d}"),)
    return ()


def days_left(ends: datetime) -> int:
    """Return how many whole days there are until then."""
    return (ends - datetime.now(UTC)).days


async def meet(
    contact: Contact, show: Callable[[str], None], *, taken_over: bool = False
) -> Meeting:
    """Look at what a device shows, and decide whether it may be spoken to.

    Of one that has been taken over, only the site's CA counts, or what the manifest says.

    Raises:
        DeviceUntrusted: another certificate than that of the manifest is met.
    """
    found = await read(contact.name, contact.address, contact.ca_file)
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
        return (_difference("issuer", _SITES_CA, state.issuer),)

    state, left = await watch(
        lambda: read(contact.name, contact.address, contact.ca_file),
        unfinished,
        deadline_s=deadline_s,
    )
    if left:
        raise DeviceUntrusted(
            f"{contact.name} ({contact.address}): took a new certificate, but shows "
            f"{state.fingerprint} of {state.issuer}, which is not {_SITES_CA}; restart its "
            f"controller, and check that ca.pem is of the CA that signed"
        )
    return state


# Reading all authorities of this machine takes longer than many handshakes, and none counts here.
@cache
def _anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def _greet(name: str, address: str, context: ssl.SSLContext) -> bytes:
    place = URL(f"https://{address}")
    try:
        async with asyncio.timeout(_GREETING_S):
            _, writer = await asyncio.open_connection(place.host, place.port, ssl=context)
    except ssl.SSLError:
        raise
    except (OSError, TimeoutError) as error:
        raise DeviceUnreachable(
            f"{name} ({address}): shows no certificate ({_said(error)}); check its power, its "
            f"management link and its address"
        ) from error
    try:
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return bytes(shown)


def _said(error: OSError | TimeoutError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no answer"


def _difference(path: str, expected: str, actual: str) -> Difference:
    return Difference(
        path=path,
        expected=expected,
        actual=actual,
        remedy="let the site's CA sign a new certificate for the device",
    )
