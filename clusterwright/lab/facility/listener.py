"""One controller as it is met on the network: TLS, and what can be wrong with it.

This is the place where faults of the connection act; faults inside a device belong to its module.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from ipaddress import IPv4Address
from pathlib import Path

from aiohttp import web

from clusterwright.lab.facility.network import Plug
from clusterwright.lab.facility.wire import Handler

HANDSHAKE_S = 20.0
_ABORT = struct.pack("ii", 1, 0)


class Listener:
    """Greets connections to one address with the certificate it is told to show.

    With a `plug`, the address is only the planned one: it is met under the one that the plug has.
    """

    def __init__(self, handle: Handler, address: IPv4Address, plug: Plug | None = None) -> None:
        self.address, self.plug = address, plug
        self._handle = handle
        self._server: web.Server | None = None
        self._certificate: tuple[Path, Path] | None = None
        self._context: ssl.SSLContext | None = None
        self._greetings: set[asyncio.Task[None]] = set()
        self._count = 0
        self.drops_every = 0
        """Which connections are broken off, such as every third one; 0 is none."""
        self.alert = b""
        """What it says to a client's hello instead of shaking hands; nothing, as a rule."""

    @property
    def is_open(self) -> bool:
        """Whether anybody is greeted."""
        return self._server is not None

    def open(self, certificate: tuple[Path, Path]) -> None:
        """Begin to greet, or go on with another certificate (and key) for new connections."""
        self._certificate, self._context = certificate, None
        self._server = self._server or web.Server(self._handle, access_log=None)

    async def close(self) -> None:
        """Greet nobody any more, and break the connections that are open."""
        for greeting in list(self._greetings):
            greeting.cancel()
        await asyncio.gather(*self._greetings, return_exceptions=True)
        if self._server:
            server, self._server = self._server, None
            await server.shutdown(1.0)

    def meet(self, connection: socket.socket) -> None:
        """Take over a connection that has just come in."""
        self._count += 1
        if self._server is None or (self.drops_every and self._count % self.drops_every == 0):
            _break_off(connection)
            return
        greeting = asyncio.create_task(self._greet(self._server, connection))
        self._greetings.add(greeting)
        greeting.add_done_callback(self._greetings.discard)

    async def _greet(self, server: web.Server, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        if self.alert:
            await _refuse(connection, self.alert)
            return
        # Somebody who does not like our certificate goes away: that is their business.
        with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
            await loop.connect_accepted_socket(
                server,
                connection,
                ssl=self._tls(),
                ssl_handshake_timeout=HANDSHAKE_S,
                ssl_shutdown_timeout=1.0,
            )

    def _tls(self) -> ssl.SSLContext:
        if self._context is None and self._certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.minimum_version = ssl.TLSVersion.TLSv1_2
            self._context.load_cert_chain(*self._certificate)
        if self._context is None:
            raise RuntimeError(f"{self.address}: was opened without a certificate")
        return self._context


async def _refuse(connection: socket.socket, alert: bytes) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.setblocking(False)  # noqa: FBT003
        await loop.sock_recv(connection, 4096)
        await loop.sock_sendall(connection, alert)


def _break_off(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
    connection.close()
