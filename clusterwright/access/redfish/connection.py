"""The connections to one device: few, encrypted, and never used when they may have gone stale."""

import ssl

import aiohttp

# What BMCs bear: their web servers run on a small core beside the sensors.
CONNECTIONS = 4
_CONNECT_S = 10.0
# Many close an idle connection after five seconds; a write must not run into that.
_KEEP_ALIVE_S = 4.0


def open_connection(
    address: str, trusted: ssl.SSLContext | aiohttp.Fingerprint, deadline_s: float
) -> aiohttp.ClientSession:
    """Return the way to a device; nothing is sent before the first request."""
    return aiohttp.ClientSession(
        base_url=f"https://{address}",
        connector=aiohttp.TCPConnector(
            limit=CONNECTIONS, ssl=trusted, keepalive_timeout=_KEEP_ALIVE_S
        ),
        timeout=aiohttp.ClientTimeout(total=deadline_s, sock_connect=min(_CONNECT_S, deadline_s)),
        headers={"OData-Version": "4.0", "Accept": "application/json"},
        cookie_jar=aiohttp.DummyCookieJar(),
    )
