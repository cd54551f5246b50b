"""One request and its reply over TLS, with every failure told apart."""

import asyncio
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from clusterwright.access.redfish.messages import said
from clusterwright.errors import DeviceError, DeviceRefused, DeviceUnreachable, DeviceUntrusted

GET_ATTEMPTS = 3
_BUSY = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a device; `path` starts at its root."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a device answered."""

    request: Request
    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


async def exchange(http: aiohttp.ClientSession, device: str, request: Request) -> Reply:
    """Send a request; only a GET, which changes nothing, is sent again when that may help.

    Raises:
        DeviceUnreachable: nobody answered in time.
        DeviceUntrusted: somebody answered who is not certified for this address.
    """
    attempts = GET_ATTEMPTS if request.method == "GET" else 1
    for attempt in range(1, attempts):
        try:
            reply = await _send(http, device, request)
        except DeviceUnreachable as error:
            if isinstance(error.__cause__, TimeoutError):
                raise
        else:
            if reply.status not in _BUSY:
                return reply
        await asyncio.sleep(0.2 * 4 ** (attempt - 1))
    return await _send(http, device, request)


def refused(device: str, reply: Reply, remedy: str = "") -> DeviceError:
    """Return the error that tells what the device said no to, and why as it says itself."""
    reason = said(reply.body) or "it gives no reason"
    return DeviceRefused(
        f"{device}: {reply.request}: refused with status {reply.status}: {reason}"
        + (f"; {remedy}" if remedy else "")
    )


async def _send(http: aiohttp.ClientSession, device: str, request: Request) -> Reply:
    try:
        async with http.request(
            request.method,
            request.path,
            json=request.body,
            headers=request.headers,
            allow_redirects=False,
        ) as response:
            body = _parse(device, request, response.status, await response.read())
            return Reply(
                request=request, status=response.status, headers=response.headers, body=body
            )
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError) as error:
        raise DeviceUntrusted(
            f"{device}: {request}: its certificate is not trusted ({_cause(error)}): only one that "
            f"the site's CA has signed for this address is; install such a certificate on it, "
            f"or put the right CA beside the site's definition as ca.pem"
        ) from error
    except TimeoutError as error:
        raise DeviceUnreachable(
            f"{device}: {request}: no answer before the deadline; "
            f"check its power, its management link and its address"
        ) from error
    except aiohttp.ClientError as error:
        raise DeviceUnreachable(
            f"{device}: {request}: cannot be reached ({_cause(error)}); "
            f"check its power, its management link and its address"
        ) from error


def _parse(device: str, request: Request, status: int, content: bytes) -> dict[str, Any]:
    if not content.strip():
        return {}
    try:
        body = json.loads(content)
    except ValueError as error:
        if status >= 400:
            return {}
        raise DeviceRefused(
            f"{device}: {request}: answered with something that is not JSON "
            f"({content[:40]!r}); check that this address belongs to a Redfish service"
        ) from error
    return body if isinstance(body, dict) else {}


def _cause(error: aiohttp.ClientError) -> str:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    if isinstance(cause, ssl.SSLError):
        return getattr(cause, "verify_message", "") or str(cause.reason)
    if isinstance(cause, OSError) and cause.errno:
        return os.strerror(cause.errno)
    return str(cause) or type(cause).__name__
