"""Controller: the password, the certificate and the network of one Redfish service itself."""

from ipaddress import ip_address
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from clusterwright.access import controller as access
from clusterwright.access.certificate_request import Names
from clusterwright.access.controller_network import bare
from clusterwright.access.controller_state import OWN, SITE, ControllerState
from clusterwright.access.endpoint import Endpoint
from clusterwright.access.first_contact import Contact
from clusterwright.access.guard import Difference
from clusterwright.access.vault import Login, Vault
from clusterwright.provider.device import split
from clusterwright.provider.inputs import DECLARED, Inputs, one_of, within
from clusterwright.provider.kind import Kind, Live
from clusterwright.provider.progress import Progress
from clusterwright.provider.site import Site

_FIELDS = tuple(ControllerState.__dataclass_fields__)
_PASSWORD = {"password", "rotation", "passwordDays"}
_CERTIFICATE = {"certificate", "certificateDays"}
_NETWORK = {"hostname", "dhcp", "prefixLength", "gateway", "vlan", "ntpServers"}


def _ip_address(address: str, info: ValidationInfo) -> str:
    if info.context == DECLARED:
        try:
            ip_address(bare(address))
        except ValueError as error:
            raise ValueError("must be an IP address: certificates are made for one") from error
    return address


class ControllerInputs(Inputs):
    """A controller as it shall be for itself; whatever it controls is not disturbed."""

    address: Annotated[str, AfterValidator(_ip_address)] = Field(min_length=1)
    """Its out-of-band IP address."""

    secret: str = Field(min_length=1)
    """Name in the site's vault of its user name and password."""

    name: str = Field(min_length=1)
    """Its name, for which its certificate is."""

    delivered: str = ""
    """Name in the vault of the login that it came with; it is tried where the vault's is none."""

    fingerprint: str = ""
    """SHA-256 of the certificate that it came with; empty where nobody knows it."""

    valid_days: int = Field(default=398, ge=1)
    """How long a new certificate is valid."""

    password: Annotated[str, one_of(OWN)] = OWN
    """own: the vault's password opens it, and nobody else chose it."""

    rotation: int = 0
    """A password of a lower rotation is changed."""

    password_days: Annotated[int | None, within(1, 36_500, "days")] = None
    """The greatest age of its password."""

    certificate: Annotated[str, one_of(SITE)] = SITE
    """site: the site's CA has signed its certificate."""

    certificate_days: Annotated[int | None, within(0, 36_500, "days")] = None
    """One with fewer days left is renewed."""

    hostname: str | None = None
    dhcp: bool | None = None
    prefix_length: Annotated[int | None, within(1, 32, "bits")] = None
    gateway: str | None = None
    vlan: Annotated[int | None, within(0, 4094, "(0 is untagged)")] = None
    ntp_servers: list[str] | None = None
    """From whom it takes its time; nobody where empty."""


async def _apply(
    site: Site, inputs: ControllerInputs, progress: Progress
) -> tuple[Difference, ...]:
    async with (
        site.turn(inputs.address),
        progress.ticking(f"taking over {inputs.name} at {inputs.address}"),
    ):

        async def sign(request: str, names: Names) -> str:
            return await (await site.authority(inputs.valid_days)).sign(request, names)

        outcome = await access.apply(
            _endpoint(site, await site.vault(), inputs),
            _desired(inputs),
            keep=site.keep,
            sign=sign,
            show=progress.warning,
        )
    progress.tick("as declared")
    await progress.console.flush()
    return outcome.pending


async def _read(
    site: Site, identifier: str, inputs: ControllerInputs | None, _progress: Progress
) -> Live[ControllerInputs]:
    wanted = inputs or _bare_inputs(*split(identifier))
    desired = _desired(inputs) if inputs else None
    async with site.look_by_oneself(wanted.address):
        actual = await access.look(_endpoint(site, await site.vault(), wanted), desired)
    if desired is None:
        name = actual.hostname or wanted.name
        return Live(inputs=_with(wanted, actual, _FIELDS).model_copy(update={"name": name}))
    found = {difference.path for difference in access.differences(desired, actual)}
    return Live(inputs=_with(wanted, actual, found), open_paths=frozenset(found))


def _endpoint(site: Site, vault: Vault, inputs: ControllerInputs) -> Endpoint:
    def logins(name: str) -> tuple[Login, ...]:
        return vault.logins(name) if name and vault.has(name) else ()

    own, delivered = logins(inputs.secret), logins(inputs.delivered)
    nobody = Login(username="", password="")
    contact = Contact(
        name=inputs.name,
        address=inputs.address,
        login=next(iter((*own, *delivered)), nobody),
        ca_file=site.folder.ca_file,
        names=Names(common=inputs.name, address=ip_address(bare(inputs.address))),
        fingerprint=inputs.fingerprint,
    )
    return Endpoint(
        contact=contact,
        secret=inputs.secret,
        logins=own,
        delivered=delivered,
        made=vault.made(inputs.secret),
    )


def _desired(inputs: ControllerInputs) -> ControllerState:
    values: dict[str, Any] = {name: getattr(inputs, name) for name in _FIELDS}
    servers = inputs.ntp_servers
    return ControllerState(**{**values, "ntp_servers": None if servers is None else tuple(servers)})


def _with(inputs: ControllerInputs, actual: ControllerState, names: Any) -> ControllerInputs:
    def value(name: str) -> Any:
        found = getattr(actual, name)
        return list(found) if isinstance(found, tuple) else found

    return inputs.model_copy(update={name: value(name) for name in names})


def _bare_inputs(secret: str, address: str) -> ControllerInputs:
    return ControllerInputs.declared(
        {"address": address, "secret": secret, "name": secret.rpartition("/")[2]}
    )


def _consequence(inputs: ControllerInputs, changed: frozenset[str]) -> str:
    sentences = []
    if changed & _PASSWORD:
        sentences.append(
            f"the password of {inputs.name} is changed: whoever has it from elsewhere than the "
            f"vault is shut out"
        )
    if changed & _CERTIFICATE:
        sentences.append(f"{inputs.name} gets a new certificate: its web server may restart")
    if changed & _NETWORK:
        sentences.append(f"{inputs.name} may not be reached for a moment")
    return "; ".join(sentences) + (": jobs go on" if sentences else "")


CONTROLLER = Kind(
    type_name="clusterwright:facility:Controller",
    model=ControllerInputs,
    identity=("address", "secret"),
    identify=lambda inputs: f"{inputs.secret}@{inputs.address}",
    consequence=_consequence,
    apply=_apply,
    read=_read,
)
