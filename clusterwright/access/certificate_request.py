"""A device makes a key, asks for a certificate of it, and gets one: CertificateService."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from cryptography import x509

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.errors import DeviceRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a certificate is for: the controller's name and where it is met."""

    common: str
    address: IPv4Address | IPv6Address

    @property
    def alternative(self) -> frozenset[str]:
        return frozenset({self.common, str(self.address)})


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """A request in PEM, and the certificate that its answer replaces."""

    pem: str
    replaces: str


class _Service(Resource):
    request = Field("Actions/#CertificateService.GenerateCSR/target", str)
    replace = Field("Actions/#CertificateService.ReplaceCertificate/target", str)


class _Manager(Resource):
    protocol = Link("NetworkProtocol")


class _Protocol(Resource):
    certificates = Link("HTTPS/Certificates")


async def request(client: Redfish, names: Names) -> CertificateRequest:
    """Let the device make a key and a request; the key never leaves it.

    Raises:
        DeviceRefused: it has no certificate to replace, or asks for names that are not its own.
    """
    collection = await _collection(client)
    shown = await members(client, collection, Resource)
    if len(shown) != 1:
        raise DeviceRefused(
            f"{client.name}: {collection}: one certificate is expected, but it has {len(shown)}; "
            f"remove the others on the device"
        )
    body = {
        "CertificateCollection": {"@odata.id": collection},
        "CommonName": names.common,
        "AlternativeNames": [str(names.address), names.common],
    }
    answer = await client.post((await _service(client)).request, body)
    pem = str(answer.get("CSRString") or "")
    _check(client, pem, names)
    return CertificateRequest(pem=pem, replaces=shown[0].path)


async def install(client: Redfish, wanted: CertificateRequest, certificate: str) -> None:
    """Let the device show the certificate that its request has got.

    Raises:
        DeviceRefused: it is for another key, or the device does not take it.
    """
    asked = x509.load_pem_x509_csr(wanted.pem.encode()).public_key()
    # A web server with a certificate of another key does not come up again.
    if x509.load_pem_x509_certificate(certificate.encode()).public_key() != asked:
        raise DeviceRefused(
            f"{client.name}: {wanted.replaces}: the CA has signed another key than the device's; "
            f"let it sign the request that it was given"
        )
    body = {
        "CertificateUri": {"@odata.id": wanted.replaces},
        "CertificateType": "PEM",
        "CertificateString": certificate,
    }
    await client.post((await _service(client)).replace, body)


async def _service(client: Redfish) -> _Service:
    return _Service(client.name, await client.get(await from_root(client, "CertificateService")))


async def _collection(client: Redfish) -> str:
    managers = await members(client, await from_root(client, "Managers"), _Manager)
    for manager in managers:
        if manager.protocol:
            protocol = _Protocol(client.name, await client.get(manager.protocol))
            if protocol.certificates:
                return protocol.certificates
    raise DeviceRefused(
        f"{client.name}: Managers: none of them has a certificate of HTTPS that can be replaced; "
        f"install one on the device by hand"
    )


def _check(client: Redfish, pem: str, names: Names) -> None:
    """Whoever signs trusts us: a device must not get a certificate for somebody else."""
    try:
        found = x509.load_pem_x509_csr(pem.encode())
        asked = _names(found)
        good = found.is_signature_valid and str(names.address) in asked
    except ValueError:
        asked, good = frozenset(), False
    if not good or not asked <= names.alternative:
        own = ", ".join(sorted(names.alternative))
        raise DeviceRefused(
            f"{client.name}: its request for a certificate is for "
            f"{', '.join(sorted(asked)) or 'nobody'}, but must be for {own}; update its firmware, "
            f"or install a certificate by hand"
        )


def _names(found: x509.CertificateSigningRequest) -> frozenset[str]:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(str(getattr(name, "value", name)) for name in names)
