"""The site's certificate authority: its certificate lies beside the definition, its key in the
vault.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from clusterwright.access.certificate_request import Names
from clusterwright.access.vault import Vault
from clusterwright.errors import UsageError

SECRET, KEY = "ca", "private_key"
"""Where the vault has the key, in PEM."""
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
# A controller's clock need not agree with ours.
_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Signs requests of devices, for the names that it is given and no other."""

    certificate: x509.Certificate
    key: Key = field(repr=False)
    valid_days: int

    async def sign(self, request: str, names: Names) -> str:
        """Return a certificate in PEM for the key of a request in PEM."""
        wanted = x509.load_pem_x509_csr(request.encode())
        now = datetime.now(UTC)
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names.common)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(own)
            .issuer_name(self.certificate.subject)
            .public_key(wanted.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BACK)
            .not_valid_after(
                min(now + timedelta(days=self.valid_days), self.certificate.not_valid_after_utc)
            )
        )
        for extension, critical in self._extensions(wanted, names):
            builder = builder.add_extension(extension, critical=critical)
        signed = builder.sign(self.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()

    def _extensions(
        self, wanted: x509.CertificateSigningRequest, names: Names
    ) -> tuple[tuple[x509.ExtensionType, bool], ...]:
        alternative = [x509.IPAddress(names.address), x509.DNSName(names.common)]
        own = x509.SubjectKeyIdentifier.from_public_key(wanted.public_key())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_USAGE, True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectAlternativeName(alternative), False),
            (own, False),
            (issuer, False),
        )


def open_authority(ca_file: Path, vault: Vault, *, valid_days: int) -> Authority:
    """Return the site's CA.

    Raises:
        UsageError: the vault has no key for it, or the key of another.
    """
    pem = vault.secrets.get(SECRET, {}).get(KEY, "")
    where = f"secret {SECRET}: {vault.file}"
    if not pem:
        raise UsageError(
            f"{where} has no {KEY}, so nobody can sign for controllers; add the key of {ca_file} "
            f"with: ansible-vault edit {vault.file}, or give each a certificate by hand"
        )
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        certificate = x509.load_pem_x509_certificate(ca_file.read_bytes())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(
            f"{where}: {KEY}, or {ca_file}: is not a key or a certificate in PEM; correct it"
        ) from error
    except OSError as error:
        raise UsageError(
            f"CA certificate {ca_file}: cannot be read ({error.strerror}); put it there"
        ) from error
    if not isinstance(key, Key) or key.public_key() != certificate.public_key():
        raise UsageError(
            f"{where}: {KEY} is not the key of {ca_file}: devices would not be trusted; give the "
            f"key and the certificate of one CA"
        )
    return Authority(certificate=certificate, key=key, valid_days=valid_days)


_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=False,
    crl_sign=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)
