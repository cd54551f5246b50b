"""Trust in exactly one authority: the CA of the site. At first contact, in one certificate.

What that CA has revoked (ca.crl.pem beside ca.pem) is trusted by nobody here.
"""

import ssl
from functools import lru_cache
from pathlib import Path

import aiohttp

from clusterwright.access.revocation_list import check_list, list_beside
from clusterwright.errors import UsageError


def trust(ca_file: Path) -> ssl.SSLContext:
    """Return a context that accepts a certificate of this CA for the address it is met at.

    Raises:
        UsageError: the file is missing, or holds no certificate; its list of revoked ones is there
            and cannot be believed.
    """
    try:
        changed_ns = ca_file.stat().st_mtime_ns
        return _context(str(ca_file), changed_ns, _changed_ns(list_beside(ca_file)))
    except FileNotFoundError as error:
        raise UsageError(
            f"CA certificate {ca_file}: there is no such file, and controllers are trusted only "
            f"through it; put the certificate of the site's CA there, in PEM"
        ) from error
    except (ssl.SSLError, OSError, ValueError) as error:
        raise UsageError(
            f"CA certificate {ca_file}: cannot be used ({error}); "
            f"put the certificate of the site's CA there, in PEM"
        ) from error


def pinned(fingerprint: str) -> aiohttp.Fingerprint:
    """Return the trust in one certificate, by its SHA-256 in hexadecimal digits.

    Raises:
        UsageError: this is no such fingerprint.
    """
    try:
        return aiohttp.Fingerprint(bytes.fromhex(fingerprint.replace(":", "")))
    except ValueError as error:
        raise UsageError(
            f"fingerprint {fingerprint}: is no SHA-256, which has 64 hexadecimal digits; copy it "
            f"from the device's label or leave it out of the manifest"
        ) from error


def is_revoked(error: BaseException | None) -> bool:
    """Whether that is why a certificate was refused."""
    return getattr(error, "verify_code", 0) == _REVOKED


def _changed_ns(file: Path) -> int | None:
    return file.stat().st_mtime_ns if file.is_file() else None


# Thousands of controllers share one CA; parsing it once for each would cost more than a handshake.
@lru_cache(maxsize=8)
def _context(ca_file: str, changed_ns: int, list_changed_ns: int | None) -> ssl.SSLContext:  # noqa: ARG001 - part of the key
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if list_changed_ns is not None:
        revoked = list_beside(Path(ca_file))
        check_list(revoked, Path(ca_file))
        context.load_verify_locations(cafile=revoked)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


_REVOKED = 23
"""What OpenSSL calls it: X509_V_ERR_CERT_REVOKED."""
