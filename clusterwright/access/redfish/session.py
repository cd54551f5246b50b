"""Who we are to a device: a session where it has them, HTTP Basic where it has not."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from clusterwright.access.redfish.exchange import Reply, Request, refused
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceRefusedLogin

Send = Callable[[Request], Awaitable[Reply]]

# Some BMCs allow four sessions and answer with one of these when all are taken.
_NO_SESSIONS = frozenset({404, 405, 501, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The headers that say who we are; `session` is what must be deleted in the end."""

    headers: Mapping[str, str] = field(repr=False)
    session: str = ""


async def log_in(send: Send, device: str, sessions: str, login: Login) -> Identity:
    """Create a session in the collection `sessions`, or fall back to HTTP Basic.

    Raises:
        DeviceRefusedLogin: the device does not accept the login.
    """
    if not sessions:
        return basic(login)
    body = {"UserName": login.username, "Password": login.password}
    reply = await send(Request(method="POST", path=sessions, body=body))
    if reply.status in _NO_SESSIONS:
        return basic(login)
    if reply.status in {400, 401, 403}:
        raise refused_login(device, login)
    token = reply.headers.get("X-Auth-Token", "")
    if not reply.ok or not token:
        raise refused(device, reply)
    session = location(reply) or str(reply.body.get("@odata.id", ""))
    return Identity(headers={"X-Auth-Token": token}, session=session)


def basic(login: Login) -> Identity:
    """Say user name and password with every request."""
    credentials = aiohttp.encode_basic_auth(login.username, login.password, encoding="utf-8")
    return Identity(headers={"Authorization": credentials})


def location(reply: Reply) -> str:
    """Return the path that the Location header names, whatever host it claims to be on."""
    given = reply.headers.get("Location", "")
    return URL(given).raw_path_qs if given else ""


def refused_login(device: str, login: Login) -> DeviceRefusedLogin:
    return DeviceRefusedLogin(
        f"{device}: user {login.username}: the device does not accept this user name and password; "
        f"correct them in the site's vault with ansible-vault edit, or set them on the device"
    )


def password_to_change(device: str, login: Login) -> DeviceRefusedLogin:
    """Return the error of a device that permits nothing before its password has been changed."""
    return DeviceRefusedLogin(
        f"{device}: user {login.username}: the password is still the one that the device was "
        f"delivered with, and it permits nothing before that is changed; run clusterwright up with "
        f"controllers in the definition, or change it on the device and in the site's vault"
    )


def as_whom(identity: Identity, request: Request) -> Request:
    """Return a request as somebody asks it."""
    return Request(
        method=request.method,
        path=request.path,
        body=request.body,
        headers={**request.headers, **identity.headers},
    )
