"""A Redfish service in this process, for tests of those who talk to one."""

import json
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login

Handler = Callable[[web.Request], Awaitable[web.Response]]

ROOT = "/redfish/v1/"
SESSIONS = "/redfish/v1/SessionService/Sessions"
LOGIN = Login(username="operator", password="a secret of nobody")


@dataclass
class Service:
    """Resources by path; `answers` replaces what a method on a path does."""

    certificates: Path
    name: str = "service"
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Handler] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bodies: list[tuple[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    address: str = ""
    at_once: int = 0
    most_at_once: int = 0
    open_root: bool = True

    def add(self, path: str, **body: Any) -> Self:
        self.resources[path] = {"@odata.id": path, **body}
        return self

    def collect(self, path: str, *members: str) -> Self:
        return self.add(path, Members=[{"@odata.id": member} for member in members])

    def count(self, request: str) -> int:
        return Counter(self.asked)[request]

    def sent(self, request: str) -> list[Any]:
        return [body for asked, body in self.bodies if asked == request]

    def client(self, **changes: Any) -> Redfish:
        settings = {"ca_file": self.certificates / "ca.pem", "login": LOGIN, "deadline_s": 60.0}
        return Redfish(address=self.address, **{**settings, **changes})

    async def handle(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._handle(request)
        finally:
            self.at_once -= 1

    async def _handle(self, request: web.Request) -> web.Response:
        asked = f"{request.method} {request.path}"
        self.asked.append(asked)
        if content := await request.read():
            self.bodies.append((asked, json.loads(content)))
        in_the_open = {f"GET {ROOT}"} if self.open_root else set()
        if asked not in {*in_the_open, f"POST {SESSIONS}"} and not self.knows(request):
            return refusal(401, "NoValidSession", "There is no valid session.")
        own = self.answers.get(asked, getattr(self, f"_{request.method.lower()}"))
        return await own(request)

    def knows(self, request: web.Request) -> bool:
        if request.headers.get("X-Auth-Token") in self.tokens:
            return True
        basic = request.headers.get("Authorization", "")
        return basic == "Basic b3BlcmF0b3I6YSBzZWNyZXQgb2Ygbm9ib2R5"

    async def _get(self, request: web.Request) -> web.Response:
        body = self.resources.get(request.path)
        if body is None:
            return refusal(404, "ResourceMissingAtURI", f"Nothing at {request.path}.")
        return web.json_response(body)

    async def _post(self, request: web.Request) -> web.Response:
        if request.path != SESSIONS:
            return web.Response(status=204)
        body = await request.json()
        if body != {"UserName": LOGIN.username, "Password": LOGIN.password}:
            return refusal(401, "ResourceAtUriUnauthorized", "Wrong user name or password.")
        token = f"token-{len(self.tokens)}"
        self.tokens.add(token)
        return web.json_response(
            {}, status=201, headers={"X-Auth-Token": token, "Location": f"{SESSIONS}/1"}
        )

    async def _delete(self, request: web.Request) -> web.Response:
        self.tokens.discard(request.headers["X-Auth-Token"])
        return web.Response(status=204)

    async def _patch(self, request: web.Request) -> web.Response:
        merge(self.resources[request.path], await request.json())
        return web.json_response(self.resources[request.path])


def merge(target: dict[str, Any], change: dict[str, Any]) -> None:
    for name, value in change.items():
        if isinstance(value, dict):
            merge(target.setdefault(name, {}), value)
        else:
            target[name] = value


def refusal(status: int, message_id: str, text: str) -> web.Response:
    """Answer as Redfish services do when they say no."""
    message = {"MessageId": f"Base.1.18.{message_id}", "Message": text, "Resolution": "None."}
    return web.json_response(
        {"error": {"code": "x", "message": "y", "@Message.ExtendedInfo": [message]}}, status=status
    )


@asynccontextmanager
async def serving(certificates: Path, name: str = "service") -> AsyncIterator[Service]:
    """Serve on loopback with the certificate `name` of the folder until the block ends."""
    service = Service(certificates=certificates)
    service.add(ROOT, Links={"Sessions": {"@odata.id": SESSIONS}})
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{name}.crt", certificates / f"{name}.key")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.address = f"{host}:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()
