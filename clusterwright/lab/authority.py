"""The lab's certificate authority: what a site's own CA does for its controllers.

A second one, in another folder, signs for the fault "certificate of another site".
"""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_DAYS = 825


def make_ca(folder: Path, *, name: str = "Clusterwright lab CA") -> Path:
    """Return the certificate of the CA in `folder` (ca.pem, ca.key); make one if there is none."""
    certificate_file = folder / "ca.pem"
    if certificate_file.exists() and (folder / "ca.key").exists():
        return certificate_file
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _certificate(_named(name), key.public_key(), issuer=_named(name), issuer_key=key)
    usage = _usage(signs_certificates=True)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    _write_key(folder / "ca.key", key)
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate_file


def issue(
    folder: Path, name: str, address: IPv4Address | str, *, into: Path | None = None
) -> tuple[Path, Path]:
    """Return certificate and key files of the controller `name`, signed by the CA in `folder`.

    They lie in `into` (the CA's own folder where nothing is said) and are kept while the CA has
    signed them for that address.
    """
    target = into or folder
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate_file, key_file = target / f"{name}.crt", target / f"{name}.key"
    ca = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    wanted = IPv4Address(address)
    if not (key_file.exists() and _holds(certificate_file, ca, wanted)):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _sign(folder, ca, name, wanted, key.public_key())
        _write_key(key_file, key)
        certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate_file, key_file


def sign_itself(name: str, address: IPv4Address | str, *, into: Path) -> None:
    """Write certificate and key of the controller `name` as its factory makes them: of nobody."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(address)), x509.DNSName(name)])
    builder = _certificate(_named(name), key.public_key(), issuer=_named(name), issuer_key=key)
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    _write_key(into / f"{name}.key", key)
    (into / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def sign_request(folder: Path, request: str) -> str:
    """Return the certificate, in PEM, that the CA in `folder` gives to a request for one."""
    ca = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    wanted = x509.load_pem_x509_csr(request.encode())
    names = wanted.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = names.get_values_for_type(x509.IPAddress)
    key = wanted.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not addresses:
        raise ValueError("a request is signed for an elliptic-curve key and an address")
    name = wanted.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    certificate = _sign(folder, ca, str(name), IPv4Address(str(addresses[0])), key)
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _sign(
    folder: Path,
    ca: x509.Certificate,
    name: str,
    address: IPv4Address,
    key: ec.EllipticCurvePublicKey,
) -> x509.Certificate:
    ca_key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), password=None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{folder / 'ca.key'} is not an elliptic-curve key: remove the folder")
    names = x509.SubjectAlternativeName([x509.IPAddress(address), x509.DNSName(name)])
    return (
        _certificate(_named(name), key, issuer=ca.subject, issuer_key=ca_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(names, critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _holds(certificate_file: Path, ca: x509.Certificate, address: IPv4Address) -> bool:
    if not certificate_file.exists():
        return False
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    signer = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    ca_key = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
        ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    )
    return address in names.get_values_for_type(x509.IPAddress) and signer == ca_key


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    *,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    # An hour back, because a controller's clock need not agree with its client's.
    start = datetime.now(UTC) - timedelta(hours=1)
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(signer, critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
