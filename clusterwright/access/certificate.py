"""The certificate that a device shows, against one of the site's CA."""

import asyncio
import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from yarl import URL

from clusterwright.access.guard import Difference
from clusterwright.access.redfish.tls import is_revoked, trust
from clusterwright.errors import DeviceTooOld, DeviceUnreachable

_GREETING_S = 10.0
SITES_CA = "one of the site's CA for this address"
BACK_AGAIN = (
    "if it shall be here, reset its controller to what it came with from the factory and read its "
    "manifest in, and else follow the cable to the right one"
)
"""What to do about a device that has been sent away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateState:
    """What a device shows; `fingerprint` is the SHA-256 in hexadecimal digits."""

    fingerprint: str
    subject: str
    issuer: str
    ends: datetime
    trusted: bool
    serial: int = 0
    revoked: bool = False
    """Whether the site's CA has signed it, and taken that back."""

    @property
    def ours(self) -> bool:
        """Whether the site's CA has signed it, trusted still or not."""
        return self.trusted or self.revoked

    @property
    def signer(self) -> str:
        """Who has signed it, for somebody who wonders why that does not count."""
        return f"{self.issuer}, which has revoked it" if self.revoked else self.issuer


async def read(name: str, address: str, ca_file: Path) -> CertificateState:
    """Return what the device shows to anybody who connects; no login is sent.

    Raises:
        DeviceUnreachable: nobody answers there.
        DeviceTooOld: it shows none over a TLS that is new enough.
    """
    strict = trust(ca_file)
    try:
        shown = x509.load_der_x509_certificate(await _greet(name, address, _anybody()))
    except ssl.SSLError as error:
        raise DeviceTooOld(
            f"{name} ({address}): shows no certificate over TLS 1.2 or newer ({error.reason}); "
            f"update its firmware"
        ) from error
    trusted, revoked = True, False
    try:
        await _greet(name, address, strict)
    except ssl.SSLError as error:
        trusted, revoked = False, is_revoked(error)
    return CertificateState(
        fingerprint=shown.fingerprint(hashes.SHA256()).hex(),
        subject=shown.subject.rfc4514_string(),
        issuer=shown.issuer.rfc4514_string(),
        ends=shown.not_valid_after_utc,
        trusted=trusted,
        serial=shown.serial_number,
        revoked=revoked,
    )


def differences(actual: CertificateState, *, needed_until: datetime) -> tuple[Difference, ...]:
    """Say what is wrong with a certificate that must be good until some time."""
    if not actual.trusted:
        return (not_of_the_site(f"{actual.signer} ({actual.fingerprint})"),)
    if actual.ends < needed_until:
        return (_difference("ends", f"after {needed_until:%Y-%m-%d}", f"{actual.ends:%Y-%m-%d}"),)
    return ()


def not_of_the_site(issuer: str) -> Difference:
    """Say that somebody else than the site's CA has signed."""
    return _difference("issuer", SITES_CA, issuer)


def revoked_words(state: CertificateState) -> str:
    """Say what a controller shows, and what to do about it."""
    return (
        f"its certificate {state.serial:x} is one that the site's CA has revoked (ca.crl.pem): "
        f"this device was taken out or replaced; {BACK_AGAIN}"
    )


def days_left(ends: datetime) -> int:
    """Return how many whole days there are until then."""
    return (ends - datetime.now(UTC)).days


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
            writer = await _shake_hands(place, context)
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


async def _shake_hands(place: URL, context: ssl.SSLContext) -> asyncio.StreamWriter:
    """Connect; again where that is broken off, for nothing has been asked yet."""
    try:
        _, writer = await asyncio.open_connection(place.host, place.port, ssl=context)
    except ConnectionResetError:
        _, writer = await asyncio.open_connection(place.host, place.port, ssl=context)
    return writer


def _said(error: OSError | TimeoutError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no answer"


def _difference(path: str, expected: str, actual: str) -> Difference:
    return Difference(
        path=path,
        expected=expected,
        actual=actual,
        remedy="let the site's CA sign a new certificate for the device",
    )
