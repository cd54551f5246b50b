"""Its controllers become strangers: the factory's password, and no certificate of ours."""

from datetime import UTC, datetime, timedelta
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clusterwright.access import accounts
from clusterwright.access.authority import Authority, open_authority
from clusterwright.access.certificate import CertificateState
from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.certificate_request import install, request
from clusterwright.access.endpoint import Endpoint, connect
from clusterwright.access.first_contact import Contact, meet
from clusterwright.access.guard import Difference
from clusterwright.access.revocation import revoke
from clusterwright.access.settle import watch
from clusterwright.access.vault import Login, Made
from clusterwright.design.plan import Controller
from clusterwright.errors import OperationError
from clusterwright.operate.decommission.task import Task

NOBODY = "handed over"
"""Who has signed the certificate that takes the place of ours; the key of that is thrown away."""
_STRANGER = f"CN={NOBODY}"
_DAYS = 3650


def handed_over_secret(node: str) -> str:
    """Return the name of the login that a node leaves with, where the factory's is not known."""
    return f"handed-over/{node}"


async def look_accounts(task: Task) -> tuple[str, ...]:
    """Say which controllers still have a password of ours."""
    found = [await _look_account(task, one) for one in task.controllers]
    return tuple(sentence for sentence in found if sentence)


async def act_accounts(task: Task) -> None:
    """Give each the password that it leaves with, which lies in the vault already."""
    for controller in task.controllers:
        if not await _look_account(task, controller):
            continue
        endpoint = _endpoint(task, controller)
        wanted = _leaves_with(task, endpoint)
        if wanted is None:
            wanted = accounts.new_login(endpoint.logins[0].username)
            await task.doors.keep(handed_over_secret(task.name), wanted, None, Made())
        pin = await _pin(task, endpoint)
        async with task.doors.alone(controller):
            opening = partial(connect, endpoint.contact, pin=pin)
            await accounts.change_password(opening, endpoint.logins, wanted, _keep_both)


async def look_certificates(task: Task) -> tuple[str, ...]:
    """Say which controllers still show a certificate of the site's CA."""
    shown = [(one, await _shown(task, one)) for one in task.controllers]
    return tuple(
        f"revoke certificate {found.serial:x} of {one.name}, and take it from it"
        for one, found in shown
        if found.ours
    )


async def act_certificates(task: Task) -> None:
    """Put them on the list first: then they count no more, whatever becomes of the device."""
    authority = open_authority(task.folder.ca_file, task.doors.vault, valid_days=_DAYS)
    for controller in task.controllers:
        found = await _shown(task, controller)
        if not found.ours:
            continue
        revoke(task.folder.revoked_file, authority, found.serial)
        endpoint = _endpoint(task, controller)
        login = _leaves_with(task, endpoint) or endpoint.contact.login
        # From now on, that is who it is: our CA does not vouch for it any more.
        opened = connect(endpoint.contact, login, pin=found.fingerprint)
        async with task.doors.alone(controller), opened as client:
            wanted = await request(client, endpoint.contact.names)
            await install(client, wanted, await _nobody().sign(wanted.pem, endpoint.contact.names))
        await _until_gone(endpoint.contact, task.patience.settle_s)


async def _look_account(task: Task, controller: Controller) -> str:
    endpoint = _endpoint(task, controller)
    if not endpoint.logins:
        return ""
    if (await _shown(task, controller)).issuer == _STRANGER:
        return ""
    sentence = f"reset {controller.name} to {_whose(task, endpoint)} password"
    wanted = _leaves_with(task, endpoint)
    if wanted is None:
        return sentence
    opening: accounts.Connect = partial(connect, endpoint.contact, pin=await _pin(task, endpoint))
    opened = await accounts.opens(opening, wanted)
    return sentence if opened is accounts.Opening.NOTHING else ""


def _whose(task: Task, endpoint: Endpoint) -> str:
    if endpoint.delivered:
        return "the factory's"
    return f"a new ({handed_over_secret(task.name)} in the vault)"


def _leaves_with(task: Task, endpoint: Endpoint) -> Login | None:
    if endpoint.delivered:
        return endpoint.delivered[0]
    name, vault = handed_over_secret(task.name), task.doors.vault
    return vault.login(name) if vault.has(name) else None


async def _pin(task: Task, endpoint: Endpoint) -> str:
    """Decide whether it may be told a password at all."""
    met = await meet(endpoint.contact, task.note, taken_over=endpoint.made.taken_over)
    return met.pin


def _endpoint(task: Task, controller: Controller) -> Endpoint:
    # The manifest has that of the device's own controller, and none of what sits on its boards.
    own = controller is task.controllers[0]
    fingerprint = task.plan.fingerprints().get(task.name, "") if own else ""
    return task.doors.endpoint(task.name, controller, fingerprint)


async def _shown(task: Task, controller: Controller) -> CertificateState:
    address = task.doors.address(controller)
    return await read_certificate(controller.name, address, task.folder.ca_file)


async def _keep_both(_wanted: Login, _previous: Login | None) -> None:
    """The vault has what opens it already, before and after."""


async def _until_gone(contact: Contact, deadline_s: float) -> None:
    """A controller may restart its web server over a new certificate."""

    def ours(state: CertificateState) -> tuple[Difference, ...]:
        if not state.ours:
            return ()
        return (Difference(path="issuer", expected=_STRANGER, actual=state.issuer),)

    _, left = await watch(
        lambda: read_certificate(contact.name, contact.address, contact.ca_file),
        ours,
        deadline_s=deadline_s,
    )
    if left:
        raise OperationError(
            f"{contact.name}: took another certificate, but still shows ours, which is revoked; "
            f"restart its controller"
        )


def _nobody() -> Authority:
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NOBODY)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=_DAYS))
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate=certificate, key=key, valid_days=_DAYS)
