"""Which certificates of the site's CA count no more: a list, signed by that CA, beside it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from clusterwright.access.authority import Authority
from clusterwright.access.revocation_list import read_list, refuse_unable
from clusterwright.lock_file import alone_with
from clusterwright.whole_file import replace_file

# Another machine's clock need not agree with ours.
_BACK = timedelta(hours=1)
_READABLE = 0o644


def revoke(file: Path, authority: Authority, serial: int) -> bool:
    """Put a certificate on the list in `file`; return whether it was not on it yet.

    Raises:
        UsageError: the file is no list that this CA has signed, or it may sign none.
    """
    refuse_unable(authority.certificate, file.with_name("ca.pem"))
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
    return list(read_list(file, (authority.certificate,))) if file.is_file() else []


def _write(authority: Authority, gone: list[x509.RevokedCertificate]) -> bytes:
    ends = authority.certificate.not_valid_after_utc
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(min(datetime.now(UTC), ends) - _BACK)
        # It is only written anew when something is revoked, and until then it is all there is.
        .next_update(ends)
        .add_extension(x509.CRLNumber(len(gone)), critical=False)
    )
    for one in gone:
        builder = builder.add_revoked_certificate(one)
    signed = builder.sign(authority.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)
