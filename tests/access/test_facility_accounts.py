"""Accounts, roles and sessions of the emulated controllers."""

from pathlib import Path
from typing import Any

import pytest

from clusterwright.lab.facility.sessions import LIMIT
from tests.access.facility_rig import PASSWORD, ROOT, SYSTEM, USERNAME, Answer, Rig, basic, rig

ACCOUNTS = f"{ROOT}/AccountService/Accounts"
SESSIONS = f"{ROOT}/SessionService/Sessions"
NETWORK = f"{ROOT}/Managers/BMC/NetworkProtocol"
BMC, NEW = "su1-n1", "another secret of nobody"


async def as_(lab: Rig, username: str, password: str, *request: Any) -> Answer:
    return await lab.ask(BMC, *request, Authorization=basic(username, password))


async def add(lab: Rig, username: str, role: str) -> str:
    body = {"UserName": username, "Password": NEW, "RoleId": role}
    answer = await lab.ask(BMC, "POST", ACCOUNTS, body)
    assert answer.status == 201, answer
    return answer.headers["Location"]


@pytest.mark.asyncio
async def test_a_changed_password_counts_at_once_and_after_a_restart(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert (await lab.patch(BMC, f"{ACCOUNTS}/1", {"Password": NEW})).status == 200
        for _ in range(2):
            assert (await as_(lab, USERNAME, PASSWORD, "GET", SYSTEM)).status == 401
            assert (await as_(lab, USERNAME, NEW, "GET", SYSTEM)).status == 200
            await lab.running.close()
            await lab.start()
    assert NEW not in (tmp_path / f"devices/{BMC}.controller.json").read_text()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("role", "request_", "status"),
    [
        pytest.param("ReadOnly", ("GET", SYSTEM), 200, id="anybody reads"),
        pytest.param(
            "ReadOnly", ("PATCH", SYSTEM, {"PowerRestorePolicy": "AlwaysOn"}), 403, id="no writing"
        ),
        pytest.param(
            "Operator", ("PATCH", SYSTEM, {"PowerRestorePolicy": "AlwaysOn"}), 200, id="a system"
        ),
        pytest.param("Operator", ("PATCH", NETWORK, {"HostName": "x1"}), 403, id="no manager"),
        pytest.param(
            "Administrator", ("PATCH", NETWORK, {"HostName": "x1"}), 200, id="the manager"
        ),
        pytest.param("Operator", ("DELETE", f"{ACCOUNTS}/1"), 403, id="no accounts"),
    ],
)
async def test_a_role_decides_what_an_account_may_do(
    tmp_path: Path, role: str, request_: tuple[Any, ...], status: int
) -> None:
    async with rig(tmp_path) as lab:
        await add(lab, "someone", role)
        assert (await as_(lab, "someone", NEW, *request_)).status == status


@pytest.mark.asyncio
async def test_anybody_changes_their_own_password_and_nothing_else_of_it(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        own = await add(lab, "someone", "ReadOnly")
        change = {"RoleId": "Administrator"}
        assert (await as_(lab, "someone", NEW, "PATCH", own, change)).status == 403
        change = {"Password": PASSWORD}
        assert (await as_(lab, "someone", NEW, "PATCH", own, change)).status == 200
        assert (await as_(lab, "someone", PASSWORD, "GET", own)).status == 200


@pytest.mark.asyncio
async def test_a_deleted_account_opens_nothing_and_the_first_one_stays(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        own = await add(lab, "someone", "Operator")
        assert (await lab.ask(BMC, "POST", ACCOUNTS, {"UserName": "x"})).status == 400
        assert (await lab.ask(BMC, "DELETE", own)).status == 204
        assert (await as_(lab, "someone", NEW, "GET", SYSTEM)).status == 401
        assert (await lab.ask(BMC, "DELETE", f"{ACCOUNTS}/1")).status == 403


@pytest.mark.asyncio
async def test_a_factory_password_opens_only_its_own_change(tmp_path: Path) -> None:
    async with rig(tmp_path, times={"new": True}) as lab:
        answer = await lab.ask(BMC, "GET", SYSTEM)
        assert (answer.status, answer.message_ids) == (403, ["PasswordChangeRequired"])
        assert (await lab.get(BMC, f"{ACCOUNTS}/1"))["PasswordChangeRequired"] is True
        assert (await lab.patch(BMC, f"{ACCOUNTS}/1", {"Password": NEW})).status == 200
        assert (await as_(lab, USERNAME, NEW, "GET", SYSTEM)).status == 200


@pytest.mark.asyncio
async def test_a_short_password_is_refused_and_not_repeated(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        answer = await lab.patch(BMC, f"{ACCOUNTS}/1", {"Password": "hunter2"})
        assert (answer.status, answer.message_ids) == (400, ["PropertyValueFormatError"])
        assert "hunter2" not in str(answer.body)


@pytest.mark.asyncio
async def test_sessions_are_limited_and_end_when_nobody_uses_them(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        login = {"UserName": USERNAME, "Password": PASSWORD}
        opened = [await lab.ask(BMC, "POST", SESSIONS, login) for _ in range(LIMIT + 1)]
        assert [answer.status for answer in opened] == [201] * LIMIT + [503]
        assert opened[-1].message_ids == ["SessionLimitExceeded"]
        lab.running.site.nodes[BMC].service.memory.update(session_timeout_s=0)
        assert (await lab.ask(BMC, "POST", SESSIONS, login)).status == 201
