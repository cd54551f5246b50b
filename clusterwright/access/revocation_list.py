"""The list of certificates that count no more, as whoever trusts the site's CA reads it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from clusterwright.errors import UsageError


def list_beside(ca_file: Path) -> Path:
    """Return where the list of a CA lies: ca.crl.pem beside ca.pem."""
    return ca_file.with_suffix(".crl.pem")


def read_list(file: Path, issuers: Sequence[x509.Certificate]) -> x509.CertificateRevocationList:
    """Return the list in `file`.

    Raises:
        UsageError: it is no list that one of these CAs has signed.
    """
    try:
        listed = x509.load_pem_x509_crl(file.read_bytes())
        good = any(listed.is_signature_valid(one.public_key()) for one in issuers)  # type: ignore[arg-type]
    except ValueError:
        good = False
    if not good:
        raise UsageError(
            f"revocation list {file}: is none that the CA in ca.pem has signed; put the right one "
            f"there, or move it away to begin anew"
        )
    return listed


def check_list(file: Path, ca_file: Path) -> None:
    """Refuse a list by which nobody could tell who is still trusted; an absent one names nobody.

    Raises:
        UsageError: it is of another CA, out of date, or of a CA that may sign no lists.
    """
    issuers = x509.load_pem_x509_certificates(ca_file.read_bytes())
    listed = read_list(file, issuers)
    for issuer in issuers:
        refuse_unable(issuer, ca_file)
    until = listed.next_update_utc
    if until and until < datetime.now(UTC):
        raise UsageError(
            f"revocation list {file}: was good until {until:%Y-%m-%d}, and nobody knows what has "
            f"been revoked since, so no controller is trusted; put the CA's present list there, as "
            f"openssl ca -gencrl writes it"
        )


def refuse_unable(issuer: x509.Certificate, ca_file: Path) -> None:
    """Refuse a CA whose lists nobody would believe.

    Raises:
        UsageError: its certificate has a key usage, and signing of lists is not in it.
    """
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.crl_sign:
        raise UsageError(
            f"CA certificate {ca_file}: may sign no revocation list, as its key usage has no "
            f"cRLSign; give it a certificate of the same key that has"
        )
