"""Passwords of a device's accounts: the factory's is replaced, ours are changed from time to time.

At every moment the vault holds what opens the device: a new password is written down before it is
set, and the old one is forgotten when the device has accepted the new one. What the device says
goes into an error only without the passwords.
"""

import secrets
import string
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum

from clusterwright.access.redfish.client import Redfish
from clusterwright.access.redfish.exchange import Request
from clusterwright.access.redfish.field import Field, Link, Resource
from clusterwright.access.redfish.messages import account_to_change
from clusterwright.access.redfish.walk import from_root, members
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceRefused, DeviceRefusedLogin

Connect = Callable[[Login], AbstractAsyncContextManager[Redfish]]
"""Opens a conversation as somebody."""
Keep = Callable[[Login, Login | None], Awaitable[None]]
"""Writes a login into the vault, and the previous one beside it while the device may have that."""

LENGTH = 16
"""What the oldest protocols of a BMC still take."""
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.")


class Opening(StrEnum):
    """What a login is good for; MUST_CHANGE opens nothing but the change of its own password."""

    NOTHING = "nothing"
    MUST_CHANGE = "must-change"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """An account without its password."""

    username: str
    role: str
    enabled: bool
    must_change: bool


class _Service(Resource):
    accounts = Link("Accounts")


class _Account(Resource):
    username = Field("UserName", str, "")
    role = Field("RoleId", str, "")
    enabled: Field[bool] = Field("Enabled", bool, True)  # noqa: FBT003 - the default of the field
    must_change: Field[bool] = Field("PasswordChangeRequired", bool, False)  # noqa: FBT003


async def read(client: Redfish) -> tuple[AccountState, ...]:
    """Return all accounts that have a name."""
    return tuple(
        AccountState(
            username=one.username, role=one.role, enabled=one.enabled, must_change=one.must_change
        )
        for one in await _accounts(client)
        if one.username
    )


async def change_password(
    connect: Connect, present: Sequence[Login], wanted: Login, keep: Keep
) -> bool:
    """Let `wanted` open the device; return whether anything had to be done.

    `present` are the logins that may be the device's now, such as the factory's: the first that
    opens it is replaced. An interrupted change is finished: the new password is tried first.

    Raises:
        DeviceRefusedLogin: none of them opens the device.
        DeviceRefused: the device does not take the new password.
    """
    if await opens(connect, wanted) is Opening.EVERYTHING:
        await keep(wanted, None)
        return False
    login = await _first_that_opens(connect, present)
    await keep(wanted, login)
    async with connect(login) as client:
        await _set_password(client, wanted)
    if await opens(connect, wanted) is not Opening.EVERYTHING:
        async with connect(login) as client:
            raise DeviceRefused(
                f"{client.name}: account {wanted.username}: took a new password, but it opens "
                f"nothing; the vault holds the old one beside it: run the same command again"
            )
    await keep(wanted, None)
    return True


async def opens(connect: Connect, login: Login) -> Opening:
    """Try a login, once: a controller may lock an account after a few that were wrong."""
    async with connect(login) as client:
        try:
            service = await from_root(client, "AccountService")
            reply = await client.ask(Request(method="GET", path=service))
        except DeviceRefusedLogin:
            return Opening.NOTHING
        return Opening.MUST_CHANGE if account_to_change(reply.body) else Opening.EVERYTHING


def new_login(username: str) -> Login:
    """Return a login with a password that nobody can guess and every controller takes."""
    while True:
        password = "".join(secrets.choice("".join(_CLASSES)) for _ in range(LENGTH))
        if all(any(one in kind for one in password) for kind in _CLASSES):
            return Login(username=username, password=password)


async def _first_that_opens(connect: Connect, present: Sequence[Login]) -> Login:
    for login in present:
        if await opens(connect, login) is not Opening.NOTHING:
            return login
    async with connect(present[0]) as client:
        names = ", ".join(dict.fromkeys(login.username for login in present))
        raise DeviceRefusedLogin(
            f"{client.name}: user {names}: none of the {len(present)} passwords that may be its "
            f"own opens it; reset the account at the device, or correct the manifest or the vault"
        )


async def _set_password(client: Redfish, wanted: Login) -> None:
    account = await _account_path(client, wanted.username)
    try:
        await client.patch(account, {"Password": wanted.password})
    except DeviceRefused as error:
        # Some controllers repeat the value that they do not like.
        told = str(error).replace(wanted.password, "[secret]")
        raise DeviceRefused(f"{told}; the old password stays") from None


async def _account_path(client: Redfish, username: str) -> str:
    service = await from_root(client, "AccountService")
    reply = await client.ask(Request(method="GET", path=service))
    if target := account_to_change(reply.body):
        return target
    for account in await _accounts(client):
        if account.username == username:
            return account.path
    raise DeviceRefused(
        f"{client.name}: {service}: it has no account {username}; "
        f"create it on the device, or correct the name in the vault"
    )


async def _accounts(client: Redfish) -> list[_Account]:
    path = await from_root(client, "AccountService")
    service = _Service(client.name, await client.get(path))
    return await members(client, service.accounts, _Account) if service.accounts else []
