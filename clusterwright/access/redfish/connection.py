"""The connections to one device: few, encrypted, and never used when they may have gone stale."""

import ssl
import sys

import aiohttp

# What BMCs bear: their web servers run on a small core beside the sensors.
CONNECTIONS = 4
_CONNECT_S = 10.0
# Many close an idle connection after five seconds; a write must not run into that.
_KEEP_ALIVE_S = 4.0
# Older Pythons keep a TLS connection open for as long as the other side does not say goodbye.
_KEEPS_TLS_OPEN = sys.version_info < (3, 12, 8) or sys.version_info[:3] == (3, 13, 0)


def open_connection(
    address: str, trusted: ssl.SSLContext | aiohttp.Fingerprint, deadline_s: float
) -> aiohttp.ClientSession:
    """Return the way to a device; nothing is sent before the first request."""
    return aiohttp.ClientSession(
        base_url=f"https://{address}",
        connector=aiohttp.TCPConnector(
            limit=CONNECTIONS,
            ssl=trusted,
            keepalive_timeout=_KEEP_ALIVE_S,
            enable_cleanup_closed=_KEEPS_TLS_OPEN,
        ),
        timeout=aiohttp.ClientTimeout(total=deadline_s, sock_connect=min(_CONNECT_S, deadline_s)),
        headers={"OData-Version": "4.0", "Accept": "application/json"},
        cookie_jar=aiohttp.DummyCookieJar(),
    )
