"""By what installers and controllers know that it is us: a certificate of the site's CA."""

from collections.abc import Mapping
from ipaddress import IPv4Address, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clusterwright.access.authority import SECRET as AUTHORITY
from clusterwright.access.authority import open_authority
from clusterwright.access.certificate_request import Names
from clusterwright.access.vault import Vault

SECRET = "boot-service"  # noqa: S105 - the name of one
_DAYS = 2


async def identity_of(vault: Vault, ca_file: Path, address: str) -> Mapping[str, str]:
    """Return certificate and private_key in PEM: those of the vault, else new ones for two days.

    Raises:
        UsageError: the vault has neither, nor a key of the CA that could sign.
    """
    kept = vault.secrets.get(SECRET)
    if kept or AUTHORITY not in vault.secrets:
        return kept or {}
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SECRET)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = request.public_bytes(serialization.Encoding.PEM).decode()
    authority = open_authority(ca_file, vault, valid_days=_DAYS)
    names = Names(common=SECRET, address=IPv4Address(ip_address(address)))
    return {
        "certificate": await authority.sign(pem, names),
        "private_key": key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    }
