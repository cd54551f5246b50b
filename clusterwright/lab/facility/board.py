"""Where connections come in: a socket per address, or one socket for thousands of addresses."""

import asyncio
import contextlib
import socket

from clusterwright.errors import OperationError
from clusterwright.lab.facility.listener import Listener

BACKLOG = 1024


class Board:
    """Hands each connection to the listener of the address that it came to.

    With `device` (such as lo) there is one socket for all addresses, and only connections that come
    in through that device reach it. Without, each address has a socket of its own, so that a closed
    one refuses connections as a machine that is off does.
    """

    def __init__(self, port: int, *, device: str = "") -> None:
        self._port, self._device = port, device
        self._listeners: dict[str, Listener] = {}
        self._sockets: dict[str, socket.socket] = {}
        self._accepting: dict[str, asyncio.Task[None]] = {}

    async def open(self, listener: Listener) -> None:
        """Let connections to the listener's address in."""
        address = str(listener.address)
        self._listeners[address] = listener
        place = "" if self._device else address
        if place not in self._sockets:
            self._sockets[place] = self._listen(place, address)
            self._accepting[place] = asyncio.create_task(self._accept(self._sockets[place]))

    async def close(self, listener: Listener) -> None:
        """Let nobody in any more."""
        address = str(listener.address)
        self._listeners.pop(address, None)
        if not self._device or not self._listeners:
            await self._shut("" if self._device else address)
        await listener.close()

    async def _shut(self, place: str) -> None:
        if task := self._accepting.pop(place, None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if found := self._sockets.pop(place, None):
            found.close()

    def _listen(self, place: str, address: str) -> socket.socket:
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if self._device:
                name = self._device.encode()
                found.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, name)
            found.bind((place, self._port))
            found.listen(BACKLOG)
            found.settimeout(0)
        except OSError as error:
            found.close()
            raise OperationError(
                f"address {address}: port {self._port} cannot be listened on "
                f"({error.strerror or error}): end what listens there, or change the plan's address"
            ) from error
        return found

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError:
                # Out of file descriptors, or a connection that has gone already.
                await asyncio.sleep(0.05)
                continue
            self._deal(connection)

    def _deal(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if listener := self._listeners.get(connection.getsockname()[0]):
                listener.meet(connection)
                return
        connection.close()
