"""What one host may fetch, and where it reports: by tokens that nobody else has."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from clusterwright.access.boot_service.medium import Medium

_KEY = re.compile(r"(ssh-ed25519 [A-Za-z0-9+/]{68}=?=?)( [^\r\n]*)?\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Three secrets: the image may be read for as long as it takes, the others serve once."""

    medium: str = field(repr=False)
    answer: str = field(repr=False)
    report: str = field(repr=False)


def new_tokens() -> Tokens:
    """Return tokens that nobody can guess."""
    one, two, three = (secrets.token_urlsafe(32) for _ in range(3))
    return Tokens(medium=one, answer=two, report=three)


async def _nothing() -> None:
    return


def _nobody(_: str) -> None:
    return


@dataclass(slots=True, kw_only=True)
class Grant:
    """One host's installation as the boot service knows it.

    `files` are served once each under the answer's token; `fetched` is awaited before the first
    of them leaves. `host_key` becomes what the installed host reports; `reported` is called with it
    before the host is thanked.
    """

    host: str
    tokens: Tokens
    medium: Medium
    files: Mapping[str, str] = field(repr=False)
    fetched: Callable[[], Awaitable[None]] = _nothing
    reported: Callable[[str], None] = _nobody
    served: set[str] = field(default_factory=set)
    host_key: asyncio.Future[str] = field(default_factory=asyncio.Future)
    last_seen: str = "it has fetched nothing"

    def report(self, body: str) -> bool:
        """Take a reported SSH host key; say whether it is one."""
        found = _KEY.fullmatch(body)
        if found and not self.host_key.done():
            self.reported(found[1])
            self.host_key.set_result(found[1])
            self.last_seen = "it has reported its host key"
        return bool(found)
