"""One conversation with one Redfish service."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from clusterwright.access.redfish.connection import open_connection
from clusterwright.access.redfish.exchange import Reply, Request, exchange, refused
from clusterwright.access.redfish.messages import account_to_change, left_out
from clusterwright.access.redfish.session import (
    Identity,
    as_whom,
    basic,
    log_in,
    password_to_change,
    refused_login,
)
from clusterwright.access.redfish.tasks import finish
from clusterwright.access.redfish.tls import pinned, trust
from clusterwright.access.redfish.waiting import Waiting
from clusterwright.access.vault import Login
from clusterwright.errors import DeviceError, DeviceRefused

Body = Mapping[str, Any]

ROOT = "/redfish/v1/"
DEADLINE_S = 25.0
"""Of one request: below the half minute that a BMC takes which is as good as dead."""
_GOODBYE_S = 2.0


class Redfish:
    """A conversation with one device; `deadline_s` bounds every single request.

    Writes go out one after the other, in the order in which they were asked for.
    """

    def __init__(  # noqa: PLR0913 - whom to meet, as whom, and what to trust
        self,
        *,
        address: str,
        login: Login,
        ca_file: Path,
        deadline_s: float = DEADLINE_S,
        name: str = "",
        pin: str = "",
    ) -> None:
        """With a `pin`, exactly the certificate of that fingerprint is trusted, and no CA."""
        self.address = address
        self.name = f"{name} ({address})" if name else address
        self.waiting = Waiting()
        self._login = login
        self._ca_file, self._pin = ca_file, pin
        self._deadline_s = deadline_s
        self._identity: Identity | None = None
        self._root: dict[str, Any] = {}
        self._greeting = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        context = pinned(self._pin) if self._pin else trust(self._ca_file)
        self._http = open_connection(self.address, context, self._deadline_s)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with suppress(DeviceError, TimeoutError):
                async with asyncio.timeout(_GOODBYE_S):
                    await self._log_out()
        finally:
            await self._connection.close()

    async def root(self) -> dict[str, Any]:
        """Return the service root, read once. It needs no login, but some ask for one even here."""
        if not self._root:
            reply = await self._send(Request(method="GET", path=ROOT))
            if reply.status == 401:
                self._identity = basic(self._login)
                reply = await self._send(as_whom(self._identity, reply.request))
            self._root = self._known(reply)
        return self._root

    async def get(self, path: str) -> dict[str, Any]:
        """Read a resource."""
        return self._accepted(await self.ask(Request(method="GET", path=path)))

    async def patch(self, path: str, body: Body, etag: str = "") -> dict[str, Any]:
        """Change a resource and wait for the task, if the device makes one of it."""
        return (await finish(self, await self.start_patch(path, body, etag))).body

    async def post(self, path: str, body: Body) -> dict[str, Any]:
        """Create a resource or call an action, and wait for its task, if there is one."""
        return (await finish(self, await self.start_post(path, body))).body

    async def start_post(self, path: str, body: Body) -> Reply:
        """Call an action without waiting for what it begins."""
        async with self._writing:
            reply = await self.ask(Request(method="POST", path=path, body=body))
        self._accepted(reply)
        return reply

    async def start_patch(self, path: str, body: Body, etag: str = "") -> Reply:
        """Change a resource without waiting: some tasks end only at the next reset."""
        async with self._writing:
            headers = {"If-Match": etag} if etag else {}
            request = Request(method="PATCH", path=path, body=body, headers=headers)
            reply = await self.ask(request)
            # 428: it insists on an ETag. 412: the one it got is out of date. Neither did anything.
            if reply.status == 428 or (reply.status == 412 and not etag):
                headers = {"If-Match": await self._etag(path)}
                reply = await self.ask(
                    Request(method="PATCH", path=path, body=body, headers=headers)
                )
        if missing := left_out(self._accepted(reply)):
            raise DeviceRefused(
                f"{self.name}: {reply.request}: accepted, but not written whole: {missing}"
            )
        return reply

    async def ask(self, request: Request) -> Reply:
        """Send a request as ourselves; a session that the device has forgotten is replaced once."""
        identity = await self._identify()
        reply = await self._send(as_whom(identity, request))
        if reply.status == 401 and identity.session:
            reply = await self._send(as_whom(await self._identify_anew(identity), request))
        # Other requests have used that one up: so forgetful a device is asked without a session.
        if reply.status == 401 and identity.session:
            reply = await self._send(as_whom(basic(self._login), request))
        if reply.status == 401:
            raise refused_login(self.name, self._login)
        return reply

    def _known(self, reply: Reply) -> dict[str, Any]:
        if reply.status == 401:
            raise refused_login(self.name, self._login)
        return self._accepted(reply)

    def _accepted(self, reply: Reply) -> dict[str, Any]:
        if not reply.ok and account_to_change(reply.body):
            raise password_to_change(self.name, self._login)
        if not reply.ok:
            raise refused(self.name, reply)
        return reply.body

    async def _etag(self, path: str) -> str:
        reply = await self.ask(Request(method="GET", path=path))
        etag = reply.headers.get("ETag") or self._accepted(reply).get("@odata.etag")
        return str(etag or "*")

    async def _identify(self) -> Identity:
        async with self._greeting:
            if self._identity is None:
                self._identity = await self._greet()
            return self._identity

    async def _identify_anew(self, forgotten: Identity) -> Identity:
        """Log in again, unless another request has done so since."""
        if self._identity is forgotten:
            self._identity = None
        return await self._identify()

    async def _greet(self) -> Identity:
        links = (await self.root()).get("Links", {})
        if self._identity is not None:
            return self._identity
        sessions = links.get("Sessions", {}).get("@odata.id", "")
        return await log_in(self._send, self.name, sessions, self._login)

    async def _log_out(self) -> None:
        identity = self._identity
        if identity is not None and identity.session:
            await self._send(as_whom(identity, Request(method="DELETE", path=identity.session)))

    async def _send(self, request: Request) -> Reply:
        if not request.path.startswith("/"):
            raise DeviceRefused(
                f"{self.name}: {request.path}: the device gives this as the path of a resource, "
                f"but a path starts with /; update its firmware"
            )
        return await exchange(self._connection, self.name, request)

    @property
    def _connection(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("Redfish is a context manager: async with Redfish(...) as client")
        return self._http
