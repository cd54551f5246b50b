"""Whoever holds the vault can open the device, whatever is interrupted."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from clusterwright.access.accounts import Opening, change_password, new_login, opens, read
from clusterwright.access.keeper import Keeper
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login, open_vault
from clusterwright.errors import DeviceRefused, DeviceRefusedLogin, UsageError
from clusterwright.vault_file import write_vault
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, rig
from tests.access.redfish_service import LOGIN, refusal, serving

SERVICE = "/redfish/v1/AccountService"
ACCOUNTS = f"{SERVICE}/Accounts"
BMC, NAME = "su1-n1", "bmc/su1-n1"
FACTORY = Login(username=USERNAME, password=PASSWORD)
OWN = Login(username=USERNAME, password="a secret of our own")
STRANGE = Login(username=USERNAME, password="nobody has this")


class TornError(Exception):
    """Stands for whatever ends a run."""


class Book:
    """What was written down, and whether the device already had it."""

    def __init__(self, lab: Rig, *, torn: bool = False) -> None:
        self.lab, self.torn = lab, torn
        self.written: list[tuple[Login, Login | None, Opening]] = []

    def connect(self, login: Login) -> AbstractAsyncContextManager[Redfish]:
        address = self.lab.url(BMC).removeprefix("https://")
        return Redfish(address=address, login=login, ca_file=self.lab.ca_file, name=BMC)

    async def keep(self, login: Login, previous: Login | None) -> None:
        self.written.append((login, previous, await opens(self.connect, login)))
        if self.torn:
            raise TornError

    async def change(self, *present: Login, wanted: Login = OWN) -> bool:
        return await change_password(self.connect, present, wanted, self.keep)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "times", [{"new": True}, {"new": False}], ids=["must be changed", "need not be changed"]
)
async def test_the_factory_password_is_replaced_after_its_successor_is_written_down(
    tmp_path: Path, times: dict[str, Any]
) -> None:
    async with rig(tmp_path, times=times) as lab:
        book = Book(lab)
        assert await book.change(STRANGE, FACTORY)
        assert book.written == [
            (OWN, FACTORY, Opening.NOTHING),
            (OWN, None, Opening.EVERYTHING),
        ]
        assert await opens(book.connect, FACTORY) is Opening.NOTHING
        async with book.connect(OWN) as client:
            (account,) = await read(client)
        assert (account.username, account.role, account.must_change) == (
            USERNAME,
            "Administrator",
            False,
        )


@pytest.mark.asyncio
async def test_a_password_that_is_ours_already_is_left_alone(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        book = Book(lab)
        assert await book.change(OWN, wanted=FACTORY) is False
        assert book.written == [(FACTORY, None, Opening.EVERYTHING)]


@pytest.mark.asyncio
async def test_a_factory_password_opens_only_its_own_change(tmp_path: Path) -> None:
    async with rig(tmp_path, times={"new": True}) as lab:
        assert await opens(Book(lab).connect, FACTORY) is Opening.MUST_CHANGE


@pytest.mark.asyncio
async def test_a_change_that_was_torn_off_is_finished(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        torn = Book(lab, torn=True)
        with pytest.raises(TornError):
            await torn.change(FACTORY)
        (wanted, previous, _) = torn.written[0]
        assert previous is not None
        assert await Book(lab).change(wanted, previous)
        assert await opens(torn.connect, OWN) is Opening.EVERYTHING


@pytest.mark.asyncio
async def test_where_nothing_opens_the_device_no_password_is_written_or_told(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab:
        book = Book(lab)
        with pytest.raises(DeviceRefusedLogin) as caught:
            await book.change(STRANGE)
        assert "none of the 1 passwords that may be its own opens it" in str(caught.value)
        assert (STRANGE.password in str(caught.value), book.written) == (False, [])


@pytest.mark.asyncio
async def test_a_password_that_the_device_repeats_in_its_refusal_is_not_told(
    certificates: Path,
) -> None:
    wanted = Login(username=LOGIN.username, password="hunter2")
    account = f"{ACCOUNTS}/1"

    async def refuse(_: web.Request) -> web.Response:
        return refusal(400, "PropertyValueFormatError", "The value 'hunter2' is too short.")

    async def keep(_: Login, __: Login | None) -> None:
        return None

    async with serving(certificates) as service:
        service.resources["/redfish/v1/"]["AccountService"] = {"@odata.id": SERVICE}
        service.add(SERVICE, Accounts={"@odata.id": ACCOUNTS}).collect(ACCOUNTS, account)
        service.add(account, UserName=LOGIN.username)
        service.answers[f"PATCH {account}"] = refuse
        with pytest.raises(DeviceRefused) as caught:
            await change_password(lambda login: service.client(login=login), (LOGIN,), wanted, keep)
    assert "The value '[secret]' is too short.; the old password stays" in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.asyncio
async def test_the_vault_holds_both_passwords_until_the_new_one_is_proven(tmp_path: Path) -> None:
    passphrase, file = tmp_path / "passphrase", tmp_path / "vault.yml"
    passphrase.write_text("x")
    write_vault(file, {NAME: {"username": USERNAME, "password": PASSWORD}}, passphrase)
    keeper = Keeper(file, passphrase)

    await keeper.keep(NAME, OWN, FACTORY)
    assert open_vault(file, passphrase).logins(NAME) == (OWN, FACTORY)
    await keeper.keep(NAME, OWN, None)
    assert open_vault(file, passphrase).logins(NAME) == (OWN,)
    assert OWN.password not in file.read_text() + repr(open_vault(file, passphrase))


@pytest.mark.asyncio
async def test_logins_that_are_kept_at_once_are_all_in_the_vault_after_two_writes(
    tmp_path: Path,
) -> None:
    passphrase, file = tmp_path / "passphrase", tmp_path / "vault.yml"
    passphrase.write_text("x")
    keeper, names = Keeper(file, passphrase), [f"bmc/su1-n{number}" for number in range(1, 9)]

    await asyncio.gather(*(keeper.keep(name, OWN, None) for name in names))
    vault = open_vault(file, passphrase)
    assert [vault.login(name) for name in names] == [OWN] * 8
    assert keeper.writes == 2


@pytest.mark.asyncio
async def test_a_vault_that_cannot_be_written_tells_everybody_who_has_a_login_for_it(
    tmp_path: Path,
) -> None:
    keeper = Keeper(tmp_path / "vault.yml", tmp_path / "passphrase")

    waiting = [keeper.keep(f"bmc/su1-n{number}", OWN, None) for number in (1, 2, 3)]
    heard = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in heard] == [UsageError] * 3

    (tmp_path / "passphrase").write_text("x")
    await keeper.keep("bmc/su1-n4", OWN, None)
    vault = open_vault(tmp_path / "vault.yml", tmp_path / "passphrase")
    assert [vault.has(f"bmc/su1-n{number}") for number in (1, 2, 3, 4)] == [False] * 3 + [True]


def test_a_new_password_is_another_one_each_time() -> None:
    passwords = {new_login("admin").password for _ in range(100)}
    assert len(passwords) == 100
    assert {len(one) for one in passwords} == {16}
