"""First contact, rotation, certificate and network of a controller, whatever is interrupted."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clusterwright.access import controller
from clusterwright.access.authority import open_authority
from clusterwright.access.certificate import read as read_certificate
from clusterwright.access.certificate_request import Names
from clusterwright.access.controller import ControllerState, Endpoint, differences, look
from clusterwright.access.controller_state import state_of
from clusterwright.access.first_contact import Contact
from clusterwright.access.keeper import Keeper
from clusterwright.access.vault import Login, Made, open_vault
from clusterwright.errors import DeviceRefusedLogin, DeviceUntrusted, UsageError
from clusterwright.lab.authority import issue, make_ca
from clusterwright.vault_file import write_vault
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, rig

BMC, SECRET, FACTORY = "su1-n1", "bmc/su1-n1", "factory/su1-n1"
DELIVERED = {"username": USERNAME, "password": PASSWORD}
WANTED = ControllerState(
    rotation=0,
    password_days=90,
    certificate_days=30,
    hostname="su1-n1-bmc",
    dhcp=False,
    prefix_length=22,
    gateway="10.100.0.1",
    vlan=0,
    ntp_servers=("10.100.0.1",),
)


@dataclass
class Desk:
    """The operator's side: a vault, the site's CA, and what was shown."""

    lab: Rig
    file: Path
    subject: str = BMC
    said: list[str] = field(default_factory=list)
    signed: int = 0

    def write(self, **secrets: dict[str, str]) -> None:
        key = (self.lab.authority / "ca.key").read_text()
        named = {name.replace("__", "/").replace("_", "-"): one for name, one in secrets.items()}
        write_vault(self.file, {"ca": {"private_key": key}, **named}, self.passphrase)

    @property
    def passphrase(self) -> Path:
        return self.file.with_suffix(".passphrase")

    def endpoint(self, fingerprint: str = "") -> Endpoint:
        vault = open_vault(self.file, self.passphrase)
        at = self.lab.running.endpoints[self.subject].controller
        known = [n for n in (at.secret, f"factory/{self.subject}") if vault.has(n)]
        contact = Contact(
            name=at.name,
            address=self.lab.url(self.subject).removeprefix("https://"),
            login=vault.login(known[0]) if known else Login(username="", password=""),
            ca_file=self.lab.ca_file,
            names=Names(common=at.name, address=at.address),
            fingerprint=fingerprint,
        )
        factory = f"factory/{self.subject}"
        return Endpoint(
            contact=contact,
            secret=at.secret,
            logins=vault.logins(at.secret) if vault.has(at.secret) else (),
            delivered=vault.logins(factory) if vault.has(factory) else (),
            made=vault.made(at.secret),
        )

    async def _sign(self, request: str, names: Names) -> str:
        self.signed += 1
        vault = open_vault(self.file, self.passphrase)
        return await open_authority(self.lab.ca_file, vault, valid_days=90).sign(request, names)

    async def apply(self, desired: ControllerState = WANTED, fingerprint: str = "") -> Any:
        return await controller.apply(
            self.endpoint(fingerprint),
            desired,
            keep=Keeper(self.file, self.passphrase).keep,
            sign=self._sign,
            show=self.said.append,
            deadline_s=60.0,
        )

    async def wrong(self, desired: ControllerState = WANTED) -> dict[str, str]:
        found = differences(desired, await look(self.endpoint(), desired))
        return {one.path: one.actual for one in found}

    def text(self) -> str:
        return str(open_vault(self.file, self.passphrase).secrets)


@asynccontextmanager
async def delivered(
    folder: Path, subject: str = BMC, *, new: bool = True, trusted: bool = False
) -> AsyncIterator[Desk]:
    """A controller as its maker has delivered it, and a manifest that has its password."""
    async with rig(folder, times={"new": new}) as lab:
        if not trusted:
            at = lab.running.endpoints[subject]
            make_ca(folder / "maker", name="A maker of servers")
            shown = issue(folder / "maker", at.controller.name, at.controller.address)
            at.listener.open(shown)
        desk = Desk(lab=lab, file=folder / "vault.yml", subject=subject)
        desk.passphrase.write_text("x")
        desk.write(**{f"factory/{subject}": DELIVERED})
        yield desk


def only_secret(desk: Desk) -> dict[str, str]:
    at = desk.lab.running.endpoints[desk.subject].controller
    return dict(open_vault(desk.file, desk.passphrase).secrets[at.secret])


@pytest.mark.asyncio
@pytest.mark.parametrize("subject", ["su1-n1", "cdu1", "r1-pdu-a"])
async def test_first_contact_leaves_nothing_that_the_maker_chose(
    tmp_path: Path, subject: str
) -> None:
    async with delivered(tmp_path, subject) as desk:
        assert await desk.wrong() == {
            "certificate": "CN=A maker of servers",
        }
        await desk.apply()
        assert await desk.wrong() == {}
        (said,) = desk.said
        assert "first contact: trusted the certificate" in said
        secret = only_secret(desk)
        assert secret["password"] != PASSWORD
        assert date.fromisoformat(secret["changed"]) == datetime.now(UTC).date()
        async with controller.connect(desk.endpoint().contact, Login(**DELIVERED)) as client:
            with pytest.raises(DeviceRefusedLogin):
                await client.get("/redfish/v1/Managers")


@pytest.mark.asyncio
async def test_a_second_apply_asks_for_no_signature_and_writes_nothing(tmp_path: Path) -> None:
    async with delivered(tmp_path) as desk:
        await desk.apply()
        before = desk.file.read_bytes()
        await desk.apply()
        assert (desk.signed, len(desk.said), desk.file.read_bytes() == before) == (1, 1, True)


async def taken_over(desk: Desk) -> dict[str, str]:
    """What the vault knows of a controller with a certificate of ours: which one, to revoke it."""
    contact = desk.endpoint().contact
    shown = await read_certificate(contact.name, contact.address, contact.ca_file)
    assert shown.trusted
    return {"taken_over": "yes", "certificate": f"{shown.serial:x}"}


@pytest.mark.asyncio
async def test_what_is_ours_already_is_adopted(tmp_path: Path) -> None:
    async with delivered(tmp_path, new=False, trusted=True) as desk:
        desk.write(**{SECRET: DELIVERED})
        await desk.apply()
        assert (desk.signed, desk.said) == (0, [])
        assert only_secret(desk) == {**DELIVERED, **await taken_over(desk)}


@pytest.mark.asyncio
async def test_a_fingerprint_of_the_manifest_that_does_not_fit_sends_no_password(
    tmp_path: Path,
) -> None:
    async with delivered(tmp_path) as desk:
        with pytest.raises(DeviceUntrusted, match="somebody else may answer here"):
            await desk.apply(fingerprint="ab" * 32)
        assert not open_vault(desk.file, desk.passphrase).has(SECRET)
        assert desk.lab.running.site.nodes[BMC].service.sessions._by_token == {}


@pytest.mark.asyncio
async def test_of_one_that_was_taken_over_only_the_sites_ca_counts(tmp_path: Path) -> None:
    async with delivered(tmp_path) as desk:
        await desk.apply()
        at = desk.lab.running.endpoints[BMC]
        shown = issue(tmp_path / "maker", at.controller.name, at.controller.address)
        at.listener.open(shown)
        before = dict(desk.lab.running.site.nodes[BMC].service.sessions._by_token)
        with pytest.raises(DeviceUntrusted, match="no password was sent"):
            await desk.apply()
        assert desk.lab.running.site.nodes[BMC].service.sessions._by_token == before
        assert len(desk.said) == 1


@pytest.mark.asyncio
async def test_a_raised_rotation_changes_the_password_once(tmp_path: Path) -> None:
    async with delivered(tmp_path) as desk:
        await desk.apply()
        first = only_secret(desk)["password"]
        raised = replace(WANTED, rotation=1)
        assert await desk.wrong(raised) == {"rotation": "0"}
        await desk.apply(raised)
        second = only_secret(desk)
        assert (second["password"] != first, second["rotation"]) == (True, "1")
        await desk.apply(raised)
        assert (only_secret(desk), await desk.wrong(raised)) == (second, {})


@pytest.mark.asyncio
async def test_a_password_that_is_too_old_is_changed(tmp_path: Path) -> None:
    async with delivered(tmp_path, trusted=True) as desk:
        await desk.apply()
        made = datetime.now(UTC).date() - timedelta(days=91)
        old = only_secret(desk) | {"changed": made.isoformat()}
        desk.write(**{SECRET: old})
        assert await desk.wrong() == {"password_days": "91"}
        await desk.apply()
        assert only_secret(desk)["password"] != old["password"]
        assert await desk.wrong() == {}


@pytest.mark.asyncio
async def test_a_certificate_that_ends_soon_is_renewed_without_a_word(tmp_path: Path) -> None:
    async with delivered(tmp_path, trusted=True) as desk:
        long = replace(WANTED, certificate_days=10)
        await desk.apply(long)
        assert desk.signed == 0
        sooner = replace(WANTED, certificate_days=900)
        assert "certificate_days" in await desk.wrong(sooner)
        await desk.apply(sooner)
        assert (desk.signed, desk.said) == (1, [])
        assert differences(long, await look(desk.endpoint(), long)) == ()


@pytest.mark.asyncio
async def test_the_network_is_as_declared_after_it_was_changed(tmp_path: Path) -> None:
    async with delivered(tmp_path, trusted=True) as desk:
        await desk.apply()
        moved = replace(WANTED, dhcp=True, vlan=7, ntp_servers=())
        assert await desk.wrong(moved) == {
            "dhcp": "false",
            "ntp_servers": "10.100.0.1",
            "vlan": "0",
        }
        await desk.apply(moved)
        assert await desk.wrong(moved) == {}
        await desk.apply()
        assert await desk.wrong() == {}


@pytest.mark.asyncio
async def test_what_is_none_is_left_alone(tmp_path: Path) -> None:
    async with delivered(tmp_path, trusted=True) as desk:
        await desk.apply()
        await desk.apply(ControllerState())
        assert await desk.wrong() == {}


@pytest.mark.asyncio
async def test_without_any_login_it_is_said_where_one_belongs(tmp_path: Path) -> None:
    async with delivered(tmp_path) as desk:
        desk.write()
        with pytest.raises(UsageError, match=f"secret {SECRET}: the vault has no login"):
            await desk.apply()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("secret", "sentence"),
    [
        pytest.param({}, "has no private_key", id="no key"),
        pytest.param({"private_key": "x"}, "is not a key or a certificate in PEM", id="no PEM"),
    ],
)
async def test_a_ca_that_cannot_sign_is_named(
    tmp_path: Path, secret: dict[str, str], sentence: str
) -> None:
    async with delivered(tmp_path) as desk:
        desk.write(ca=secret, **{FACTORY: DELIVERED})
        with pytest.raises(UsageError, match=sentence):
            await desk.apply()


@pytest.mark.asyncio
async def test_the_key_of_another_ca_is_told(tmp_path: Path) -> None:
    async with delivered(tmp_path) as desk:
        other = (tmp_path / "maker/ca.key").read_text()
        desk.write(ca={"private_key": other}, **{FACTORY: DELIVERED})
        with pytest.raises(UsageError, match=r"is not the key of .*ca\.pem"):
            await desk.apply()


@pytest.mark.asyncio
async def test_a_run_that_was_torn_off_after_the_password_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with delivered(tmp_path) as desk:
        monkeypatch.setattr(controller, "take_over", _torn)
        with pytest.raises(RuntimeError):
            await desk.apply()
        monkeypatch.undo()
        kept = only_secret(desk)
        await desk.apply()
        assert only_secret(desk) == {**kept, **await taken_over(desk)}
        assert await desk.wrong() == {}


async def _torn(*_: object, **__: object) -> None:
    raise RuntimeError


@pytest.mark.asyncio
async def test_no_password_is_in_what_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with delivered(tmp_path) as desk:
        outcome = await desk.apply()
        password = only_secret(desk)["password"]
        told = (
            repr(outcome) + repr(desk.endpoint()) + "".join(desk.said) + "".join(capfd.readouterr())
        )
        assert password not in told
        assert PASSWORD not in told
        assert password not in desk.file.read_text()


def test_ages_are_bounds_and_not_known_is_no_difference() -> None:
    desired = ControllerState(password_days=90, certificate_days=30, rotation=1)
    good = ControllerState(password_days=90, certificate_days=30, rotation=2)
    assert differences(desired, good) == ()
    assert differences(desired, replace(good, password_days=None)) == ()
    bad = ControllerState(password_days=91, certificate_days=29, rotation=0, password="refused")
    assert {one.path: (one.expected, one.actual) for one in differences(desired, bad)} == {
        "password": ("own", "refused"),
        "rotation": ("1", "0"),
        "password_days": ("at most 90", "91"),
        "certificate_days": ("at least 30", "29"),
    }


def test_half_a_change_is_to_be_finished() -> None:
    state = state_of(WANTED.network, Made(half_changed=True))
    assert state.password == "half changed"
    build: Callable[..., ControllerState] = replace
    assert differences(WANTED, build(state, password="own")) == ()
