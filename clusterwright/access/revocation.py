"""Which certificates of the site's CA count no more: a list, signed by that CA, beside it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from clusterwright.access.authority import Authority
from clusterwright.errors import UsageError
from clusterwright.lock_file import alone_with
from clusterwright.whole_file import replace_file

_GOOD_FOR = timedelta(days=365)
_READABLE = 0o644


def revoke(file: Path, authority: Authority, serial: int) -> bool:
    """Put a certificate on the list in `file`; return whether it was not on it yet.

    Raises:
        UsageError: the file is no list that this CA has signed.
    """
    with alone_with(file):
        known = _read(file, authority)
        if any(one.serial_number == serial for one in known):
            return False
        gone = (
            x509.RevokedCertificateBuilder()
            .serial_number(serial)
            .revocation_date(datetime.now(UTC))
            .add_extension(x509.CRLReason(x509.ReasonFlags.cessation_of_operation), critical=False)
            .build()
        )
        replace_file(file, _write(authority, [*known, gone]), _READABLE)
        return True


def is_revoked(file: Path, serial: int) -> bool:
    """Whether a certificate is on the list in `file`."""
    if not file.is_file():
        return False
    listed = x509.load_pem_x509_crl(file.read_bytes())
    return listed.get_revoked_certificate_by_serial_number(serial) is not None


def _read(file: Path, authority: Authority) -> list[x509.RevokedCertificate]:
    if not file.is_file():
        return []
    try:
        listed = x509.load_pem_x509_crl(file.read_bytes())
        good = listed.is_signature_valid(authority.certificate.public_key())  # type: ignore[arg-type]
    except ValueError:
        good = False
    if not good:
        raise UsageError(
            f"revocation list {file}: is none that the CA in ca.pem has signed; put the right one "
            f"there, or move it away to begin anew"
        )
    return list(listed)


def _write(authority: Authority, gone: list[x509.RevokedCertificate]) -> bytes:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now)
        .next_update(now + _GOOD_FOR)
        .add_extension(x509.CRLNumber(len(gone)), critical=False)
    )
    for one in gone:
        builder = builder.add_revoked_certificate(one)
    signed = builder.sign(authority.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)
