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
from clusterwright.access.redfish.tls import is_revoked
from clusterwright.errors import (
    DeviceError,
    DeviceRefused,
    DeviceTooOld,
    DeviceUnreachable,
    DeviceUntrusted,
)

ATTEMPTS = 3
_WAIT_AT_MOST_S = 5.0
# How OpenSSL says that two sides have no version of TLS in common.
_OLD_TLS = frozenset({"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"})
_BUSY = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a device; `path` starts at its root."""

    method: str
    path: str
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a device answered."""

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


async def exchange(http: aiohttp.ClientSession, device: str, request: Request) -> Reply:
    """Send a request, and again when that may help and cannot do anything twice.

    That is so for a GET, which changes nothing, and for whatever has found no connection.

    Raises:
        DeviceUnreachable: nobody answered in time.
        DeviceUntrusted: somebody answered who is not certified for this address.
    """
    for attempt in range(1, ATTEMPTS):
        wait_s = 0.2 * 4 ** (attempt - 1)
        try:
            reply = await _send(http, device, request)
        except DeviceUnreachable as error:
            if not _may_be_repeated(request, error):
                raise
        else:
            if reply.status not in _BUSY or request.method != "GET":
                return reply
            wait_s = _asked_to_wait_s(reply) or wait_s
        await asyncio.sleep(wait_s)
    return await _send(http, device, request)


def _may_be_repeated(request: Request, error: DeviceUnreachable) -> bool:
    if isinstance(error.__cause__, TimeoutError):
        return False
    return request.method == "GET" or isinstance(error.__cause__, aiohttp.ClientConnectorError)


def _asked_to_wait_s(reply: Reply) -> float:
    given = reply.headers.get("Retry-After", "")
    return min(float(given), _WAIT_AT_MOST_S) if given.isdigit() else 0.0


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
        if (reason := _openssl_reason(error)) in _OLD_TLS:
            raise DeviceTooOld(
                f"{device}: {request}: it speaks no TLS that is new enough ({reason}): at least "
                f"TLS 1.2 is needed, or passwords could be read on the way; update its firmware"
            ) from error
        if is_revoked(getattr(error, "certificate_error", None)):
            raise DeviceUntrusted(
                f"{device}: {request}: its certificate is one that the site's CA has revoked "
                f"(ca.crl.pem): this device was taken out or replaced, and no password was sent; "
                f"follow the cable, or reset its controller and read its manifest in again"
            ) from error
        raise DeviceUntrusted(
            f"{device}: {request}: its certificate is not trusted ({_cause(error)}): only one that "
            f"the site's CA has signed for this address is; install such a certificate on it, "
            f"or put the right CA beside the site's definition as ca.pem"
        ) from error
    except aiohttp.ServerFingerprintMismatch as error:
        raise DeviceUntrusted(
            f"{device}: {request}: it shows a certificate with fingerprint {error.got.hex()}, but "
            f"{error.expected.hex()} is pinned: somebody else may answer here; compare with the "
            f"device's label, and correct the manifest"
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


def _openssl_reason(error: aiohttp.ClientError) -> str:
    return str(getattr(getattr(error, "os_error", None), "reason", "") or "")


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
    if isinstance(cause, ConnectionResetError):
        return "Connection reset by peer"
    if isinstance(cause, OSError) and cause.errno:
        return os.strerror(cause.errno)
    return str(cause) or type(cause).__name__
