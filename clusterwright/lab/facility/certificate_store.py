"""The certificate that a controller shows, and the key it has made for the next one."""

from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clusterwright.lab.facility.tree import Body

_NAMES = {
    "CommonName": NameOID.COMMON_NAME,
    "Organization": NameOID.ORGANIZATION_NAME,
    "OrganizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "City": NameOID.LOCALITY_NAME,
    "State": NameOID.STATE_OR_PROVINCE_NAME,
    "Country": NameOID.COUNTRY_NAME,
}


class CertificateStore:
    """Files in the device's folder: they outlive the service. Private keys never leave it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._certificate, self._key = folder / f"{name}.crt", folder / f"{name}.key"
        self._next_key = folder / f"{name}.next.key"

    @property
    def installed(self) -> tuple[Path, Path] | None:
        """The certificate that somebody has installed, and its key; None where nobody has."""
        return (self._certificate, self._key) if self._certificate.exists() else None

    def request(self, body: Body) -> str:
        """Make a key, and return a request for its certificate, in PEM."""
        key = ec.generate_private_key(ec.SECP384R1())
        names = [x509.NameAttribute(oid, body[n]) for n, oid in _NAMES.items() if body.get(n)]
        alternatives = [_general(name) for name in body.get("AlternativeNames", [])]
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names))
        if alternatives:
            extension = x509.SubjectAlternativeName(alternatives)
            builder = builder.add_extension(extension, critical=False)
        self._write_private(self._next_key, _pem(key))
        signed = builder.sign(key, hashes.SHA384())
        return signed.public_bytes(serialization.Encoding.PEM).decode()

    def install(self, pem: str) -> None:
        """Show this certificate from now on.

        Raises:
            ValueError: it is none, or nobody here has its private key.
        """
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key = pem.encode() if "PRIVATE KEY" in pem else self._fitting_key(certificate)
        self._write_private(self._key, key)
        self._certificate.write_text(pem)
        self._next_key.unlink(missing_ok=True)

    def _fitting_key(self, certificate: x509.Certificate) -> bytes:
        for file in (self._next_key, self._key):
            if file.exists():
                key = serialization.load_pem_private_key(file.read_bytes(), password=None)
                if key.public_key() == certificate.public_key():
                    return file.read_bytes()
        raise ValueError("the certificate is for a key that this controller does not have")

    def _write_private(self, file: Path, content: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(content)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
