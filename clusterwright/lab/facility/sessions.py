"""Who may talk to a controller: one administrator, by session or by Basic authentication."""

import hmac
import secrets
import time
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import ROOT, Body, RefusalError, Reply, Tree

SESSIONS = f"{ROOT}/SessionService/Sessions"
TIMEOUT_S = 1800


@dataclass(slots=True, kw_only=True)
class _Session:
    path: str
    last_used_s: float


class Sessions:
    """The logins of one controller; they end with the service, as they do when a BMC restarts."""

    def __init__(self, tree: Tree, username: str, password: str) -> None:
        self._tree = tree
        self._username, self._password = username, password
        self._by_token: dict[str, _Session] = {}
        self._next = 1
        tree.add(f"{ROOT}/SessionService", _service)
        tree.add_collection(SESSIONS, "Session", "Sessions", create=self._log_in)

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Say whether a request's headers prove a login."""
        if token := headers.get("X-Auth-Token"):
            return self._alive(token)
        kind, _, encoded = headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            return False
        try:
            username, _, password = b64decode(encoded, validate=True).decode().partition(":")
        except (Error, UnicodeDecodeError):
            return False
        return self._knows(username, password)

    def _alive(self, token: str) -> bool:
        session = self._by_token.get(token)
        if session is None:
            return False
        if time.monotonic() - session.last_used_s > TIMEOUT_S:
            self._end(token)
            return False
        session.last_used_s = time.monotonic()
        return True

    def _knows(self, username: str, password: str) -> bool:
        return hmac.compare_digest(username.encode(), self._username.encode()) and (
            hmac.compare_digest(password.encode(), self._password.encode())
        )

    async def _log_in(self, body: Body) -> Reply:
        for name in ("UserName", "Password"):
            if not isinstance(body.get(name), str):
                raise RefusalError(400, message("PropertyMissing", name))
        if not self._knows(body["UserName"], body["Password"]):
            raise RefusalError(
                401, message("ResourceAtUriUnauthorized", SESSIONS, "invalid user name or password")
            )
        token, path = secrets.token_hex(16), f"{SESSIONS}/{self._next}"
        self._next += 1
        self._by_token[token] = _Session(path=path, last_used_s=time.monotonic())
        shown = _session(path, self._username)
        self._tree.add(path, shown, delete=lambda: self._end(token))
        headers = {"X-Auth-Token": token, "Location": path}
        return Reply(status=201, body={**shown, "@odata.id": path}, headers=headers)

    def _end(self, token: str) -> None:
        if session := self._by_token.pop(token, None):
            self._tree.resources.pop(session.path, None)


def _service() -> Body:
    return {
        "@odata.type": "#SessionService.v1_2_0.SessionService",
        "Id": "SessionService",
        "Name": "Session Service",
        "Status": {"State": "Enabled", "Health": "OK"},
        "ServiceEnabled": True,
        "SessionTimeout": TIMEOUT_S,
        "Sessions": {"@odata.id": SESSIONS},
    }


def _session(path: str, username: str) -> Body:
    return {
        "@odata.type": "#Session.v1_8_0.Session",
        "Id": path.rpartition("/")[2],
        "Name": "User Session",
        "UserName": username,
        "Password": None,
    }
