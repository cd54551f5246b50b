"""Logins of one controller: by session or by Basic authentication."""

import secrets
import time
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass

from clusterwright.lab.facility.accounts import ACCOUNTS, Accounts
from clusterwright.lab.facility.checks import number
from clusterwright.lab.facility.controller_memory import Account, ControllerMemory
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.messages import message
from clusterwright.lab.facility.tree import ROOT, Body, RefusalError, Reply, Tree, Writable

SERVICE = f"{ROOT}/SessionService"
SESSIONS = f"{SERVICE}/Sessions"
LIMIT = 16
"""How many sessions a controller bears at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends a request; `session` is the path of its session, empty with Basic."""

    account: Account
    session: str = ""

    @property
    def own(self) -> tuple[str, str]:
        """The resources that are the caller's own."""
        return f"{ACCOUNTS}/{self.account.number}", self.session


@dataclass(slots=True, kw_only=True)
class _Session:
    path: str
    account: str
    last_used_s: float
    requests: int = 0


class Sessions:
    """They end with the service, as they do when a BMC restarts."""

    def __init__(self, tree: Tree, accounts: Accounts, memory: Memory[ControllerMemory]) -> None:
        self._tree, self._accounts, self._memory = tree, accounts, memory
        self._by_token: dict[str, _Session] = {}
        self._next = 1
        self.good_for_requests: int | None = None
        """After so many requests a session is over, where it is."""

    def place(self) -> None:
        """Place SessionService."""
        timeout = Writable(
            check=number(30, 86_400),
            write=lambda value: self._memory.update(session_timeout_s=int(value)),
        )
        self._tree.add(SERVICE, self._service, writable={"SessionTimeout": timeout})
        self._tree.add_collection(SESSIONS, "Session", "Sessions", create=self._log_in)

    def caller(self, headers: Mapping[str, str]) -> Caller | None:
        """Return who sends a request with these headers."""
        if token := headers.get("X-Auth-Token"):
            return self._by_session(token)
        kind, _, encoded = headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            username, _, password = b64decode(encoded, validate=True).decode().partition(":")
        except (Error, UnicodeDecodeError):
            return None
        account = self._accounts.known(username, password)
        return Caller(account=account) if account else None

    def end_all(self) -> None:
        """Forget every session."""
        for token in list(self._by_token):
            self._end(token)

    def _by_session(self, token: str) -> Caller | None:
        session = self._by_token.get(token)
        account = self._accounts.get(session.account) if session else None
        if session is None or account is None or self._over(session):
            self._end(token)
            return None
        session.last_used_s = time.monotonic()
        session.requests += 1
        return Caller(account=account, session=session.path)

    def _over(self, session: _Session) -> bool:
        most = self.good_for_requests
        idle_s = time.monotonic() - session.last_used_s
        used_up = most is not None and session.requests >= most
        return used_up or idle_s > self._memory.state.session_timeout_s

    async def _log_in(self, body: Body) -> Reply:
        for name in ("UserName", "Password"):
            if not isinstance(body.get(name), str):
                raise RefusalError(400, message("PropertyMissing", name))
        account = self._accounts.known(body["UserName"], body["Password"])
        if account is None:
            raise RefusalError(
                401, message("ResourceAtUriUnauthorized", SESSIONS, "invalid user name or password")
            )
        for token in [t for t, session in self._by_token.items() if self._over(session)]:
            self._end(token)
        if len(self._by_token) >= LIMIT:
            raise RefusalError(503, message("SessionLimitExceeded"))
        return self._opened(account)

    def _opened(self, account: Account) -> Reply:
        token, path = secrets.token_hex(16), f"{SESSIONS}/{self._next}"
        self._next += 1
        self._by_token[token] = _Session(
            path=path, account=account.number, last_used_s=time.monotonic()
        )
        shown = _session(path, account.username)
        self._tree.add(path, shown, delete=lambda: self._end(token))
        must = message("PasswordChangeRequired", f"{ACCOUNTS}/{account.number}")
        notes = {"@Message.ExtendedInfo": [must]} if account.must_change else {}
        headers = {"X-Auth-Token": token, "Location": path}
        return Reply(status=201, body={**shown, "@odata.id": path, **notes}, headers=headers)

    def _end(self, token: str) -> None:
        if session := self._by_token.pop(token, None):
            self._tree.remove(session.path)

    def _service(self) -> Body:
        return {
            "@odata.type": "#SessionService.v1_2_0.SessionService",
            "Id": "SessionService",
            "Name": "Session Service",
            "Status": {"State": "Enabled", "Health": "OK"},
            "ServiceEnabled": True,
            "SessionTimeout": self._memory.state.session_timeout_s,
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
