"""CertificateService: requests, replacement, and the certificate that is shown now."""

from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from clusterwright.lab.facility.certificate_store import CertificateStore
from clusterwright.lab.facility.checks import number, of_type, one_of, text, texts
from clusterwright.lab.facility.fragments import link
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import ROOT, Action, Body, RefusalError, Reply, Tree

SERVICE = f"{ROOT}/CertificateService"
LOCATIONS = f"{SERVICE}/CertificateLocations"
_STRINGS = (
    "CommonName",
    "Organization",
    "OrganizationalUnit",
    "City",
    "State",
    "Country",
    "Email",
    "ChallengePassword",
    "ContactPerson",
    "GivenName",
    "Initials",
    "KeyCurveId",
    "KeyPairAlgorithm",
    "Surname",
    "UnstructuredName",
)


class Certificates:
    """What a controller shows at its port. `shown` is the file, `replaced` hears of a new one."""

    def __init__(
        self, store: CertificateStore, *, shown: Callable[[], Path], replaced: Callable[[], None]
    ) -> None:
        self._store, self._shown, self._replaced = store, shown, replaced

    def place(self, tree: Tree, collection: str) -> None:
        """Place CertificateService, and the port's certificate in `collection`."""
        own = f"{collection}/1"
        tree.add_collection(collection, "Certificate", "Certificates")
        tree.add(own, lambda: certificate("1", self._shown().read_text()))
        tree.add(LOCATIONS, _locations(own))
        actions = {
            **tree.add_action(SERVICE, self._csr_action(collection)),
            **tree.add_action(SERVICE, self._replace_action(own)),
        }
        tree.add(SERVICE, {**_service(), "Actions": actions})

    def _csr_action(self, collection: str) -> Action:
        async def run(body: Body) -> Reply:
            if body["CertificateCollection"] != link(collection):
                where = ("CertificateCollection", str(body["CertificateCollection"]))
                raise RefusalError(400, message("PropertyValueNotInList", *reversed(where)))
            signed = self._store.request(body)
            answer = {"CSRString": signed, "CertificateCollection": link(collection)}
            return Reply(status=200, body=answer)

        return Action(
            name="CertificateService.GenerateCSR",
            run=run,
            parameters={
                "CertificateCollection": of_type(dict),
                "AlternativeNames": texts(),
                "KeyBitLength": number(1, 16_384),
                "KeyUsage": texts(),
                **{name: of_type(str) for name in _STRINGS},
            },
            required=frozenset({"CertificateCollection", "CommonName"}),
        )

    def _replace_action(self, own: str) -> Action:
        async def run(body: Body) -> Reply:
            if body["CertificateUri"] != link(own):
                missing = str(body["CertificateUri"].get("@odata.id"))
                raise RefusalError(400, message("ResourceMissingAtURI", missing))
            try:
                self._store.install(body["CertificateString"])
            except ValueError as error:
                resolution = f"Not installed: {error}."
                raise RefusalError(400, message("GeneralError", resolution=resolution)) from error
            self._replaced()
            return Reply(status=204, headers={"Location": own})

        return Action(
            name="CertificateService.ReplaceCertificate",
            run=run,
            parameters={
                "CertificateUri": of_type(dict),
                "CertificateString": text(r".*BEGIN CERTIFICATE.*", secret=True),
                "CertificateType": one_of("PEM", "PEMchain"),
            },
            required=frozenset({"CertificateUri", "CertificateString", "CertificateType"}),
        )


def certificate(number_: str, pem: str) -> Body:
    """Return a certificate as a resource; of a private key beside it nothing is shown."""
    found = x509.load_pem_x509_certificate(pem.encode())
    start = pem.index("-----BEGIN CERTIFICATE")
    end = "-----END CERTIFICATE-----"
    return {
        "@odata.type": "#Certificate.v1_11_0.Certificate",
        "Id": number_,
        "Name": "Certificate",
        "CertificateString": pem[start : pem.index(end, start) + len(end)] + "\n",
        "CertificateType": "PEM",
        "Subject": _name(found.subject),
        "Issuer": _name(found.issuer),
        "SerialNumber": found.serial_number.to_bytes(20, "big").hex(":"),
        "Fingerprint": found.fingerprint(hashes.SHA256()).hex(":").upper(),
        "FingerprintHashAlgorithm": "TPM_ALG_SHA256",
        "ValidNotBefore": found.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ValidNotAfter": found.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _name(name: x509.Name) -> Body:
    words = {"CN": "CommonName", "O": "Organization", "OU": "OrganizationalUnit", "L": "City"}
    found = {a.rfc4514_attribute_name: str(a.value) for a in name}
    return {words[key]: value for key, value in found.items() if key in words}


def _service() -> Body:
    return {
        "@odata.type": "#CertificateService.v1_2_1.CertificateService",
        "Id": "CertificateService",
        "Name": "Certificate Service",
        "CertificateLocations": link(LOCATIONS),
    }


def _locations(own: str) -> Body:
    return {
        "@odata.type": "#CertificateLocations.v1_0_4.CertificateLocations",
        "Id": "CertificateLocations",
        "Name": "Certificate Locations",
        "Links": {"Certificates": [link(own)], "Certificates@odata.count": 1},
    }
