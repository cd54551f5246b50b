"""First contact: who answers at a planned address, and whether it is ours to command.

The first certificate is compared with the fingerprint of the record; where that has none, it is
pinned for this run as it is met, and the report says so. A password that must be changed is
changed: the device tells nothing before.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial

from clusterwright.access import accounts, certificate
from clusterwright.access.accounts import Opening
from clusterwright.access.certificate import CertificateState
from clusterwright.access.redfish.tls import pinned
from clusterwright.access.vault import Login, Made, factory_secret
from clusterwright.design.plan import Controller
from clusterwright.errors import DeviceUnreachable
from clusterwright.operate.rack.gates.looking import each, told
from clusterwright.operate.rack.site import LiveRack
from clusterwright.operate.rack.verdict import Check, Checks, Verdict, failed, passed
from clusterwright.operate.rack.waiting import until

ANSWERS = "a controller answers at the planned address"
OURS = "the controller is the one that was delivered, by its certificate"
OPENS = "the vault's login opens the controller"
Met = tuple[str, Controller]


async def look(rack: LiveRack, met: Iterable[Met]) -> Checks:
    """Say of each controller whether it answers, shows the right certificate, and lets us in."""
    return await each(told(name, ANSWERS, _meet(rack, name, one)) for name, one in met)


async def act(rack: LiveRack, met: Iterable[Met], *, starts: bool) -> Checks:
    """Replace the passwords that must be; a controller that `starts` is waited for."""
    take_over = _when_it_answers if starts else _take_over
    return await each(told(name, OPENS, take_over(rack, name, one)) for name, one in met)


async def _meet(rack: LiveRack, name: str, controller: Controller) -> Checks:
    doors = rack.site.doors
    shown = await certificate.read(controller.name, doors.address(controller), doors.folder.ca_file)
    answers = passed(name, ANSWERS, str(controller.address))
    trusted = _trust(rack, name, controller, shown)
    if any(check.verdict is not Verdict.PASS for check in trusted):
        return (answers, *trusted)
    return (answers, *trusted, await _opens(rack, name, controller))


def _trust(rack: LiveRack, name: str, controller: Controller, shown: CertificateState) -> Checks:
    if shown.trusted:
        return (passed(name, OURS, f"signed by the site's CA, until {shown.ends:%Y-%m-%d}"),)
    if shown.revoked:
        found, _, remedy = certificate.revoked_words(shown).partition("; ")
        return (failed(name, OURS, found, remedy),)
    expected = rack.site.fingerprints.get(name, "")
    if expected and pinned(expected).fingerprint.hex() != shown.fingerprint:
        return (
            failed(
                name,
                OURS,
                f"its certificate has fingerprint {shown.fingerprint}, but the record has "
                f"{expected}: somebody else may answer at {controller.address}",
                "follow the management cable to the device; correct the manifest only if its "
                "label has this fingerprint",
            ),
        )
    rack.site.doors.pins[controller.name] = shown.fingerprint
    how = "as in the record" if expected else "trusted as it was met; compare with the label"
    return (passed(name, OURS, f"fingerprint {shown.fingerprint}, {how}"),)


async def _opens(rack: LiveRack, name: str, controller: Controller) -> Check:
    endpoint = rack.site.doors.endpoint(name, controller)
    tried = (*endpoint.logins[:1], *(() if endpoint.logins else endpoint.delivered))
    for login in tried:
        match await accounts.opens(partial(rack.site.doors.as_user, controller), login):
            case Opening.EVERYTHING if endpoint.logins:
                return passed(name, OPENS, f"as {login.username}")
            case Opening.EVERYTHING | Opening.MUST_CHANGE:
                return failed(name, OPENS, "its password is the factory's: it has to be changed")
            case _:
                pass
    if not tried:
        return failed(
            name,
            OPENS,
            f"the vault has no login {controller.secret}, and none that it came with",
            "read the delivery's manifest in with clusterwright intake",
        )
    secret = controller.secret if endpoint.logins else factory_secret(name)
    return failed(
        name,
        OPENS,
        f"user {tried[0].username}: the password that the vault has for {secret} does not open "
        f"it, so somebody has changed it already",
        "reset the account at the device to its factory password, or write the present one into "
        "the vault with ansible-vault edit",
    )


async def _when_it_answers(rack: LiveRack, name: str, controller: Controller) -> Checks:
    return await _take_over(rack, name, controller) if await _answers(rack, controller) else ()


async def _take_over(rack: LiveRack, name: str, controller: Controller) -> Checks:
    """Let a password of our own open it; one that nobody knows is left to a person."""
    async with rack.site.doors.alone(controller):
        # Another rack on the same loop may just have been here.
        met = await _meet(rack, name, controller)
        if met[-1].sentence == OPENS and met[-1].verdict is not Verdict.PASS:
            await _replace_password(rack, name, controller)
    return ()


async def _replace_password(rack: LiveRack, name: str, controller: Controller) -> None:
    doors = rack.site.doors
    endpoint, connect = doors.endpoint(name, controller), partial(doors.as_user, controller)
    every = (*endpoint.logins, *endpoint.delivered)
    if not every:
        return
    login, *before = every
    known = bool(endpoint.logins)
    if not before and await accounts.opens(connect, login) is Opening.NOTHING:
        return
    wanted = login if known and before else accounts.new_login(login.username)
    rack.note(f"{name}: a password of our own")
    present = before if wanted is login else [login, *before]

    async def keep(changed: Login, previous: Login | None) -> None:
        await doors.keep(controller.secret, changed, previous, _made_now(endpoint.made))

    await accounts.change_password(connect, present, wanted, keep)


def _made_now(before: Made) -> Made:
    return Made(rotation=before.rotation, changed=datetime.now(UTC).date())


async def _answers(rack: LiveRack, controller: Controller) -> bool:
    """Give a controller time to start: it may just have got power."""
    patience, doors = rack.site.patience, rack.site.doors
    address = doors.address(controller)

    async def look() -> bool:
        try:
            await certificate.read(controller.name, address, doors.folder.ca_file)
        except DeviceUnreachable:
            rack.note(f"waiting for {controller.name} to answer")
            return False
        return True

    return await until(look, bool, deadline_s=patience.controller_s, pauses_s=patience.evenly_s())
