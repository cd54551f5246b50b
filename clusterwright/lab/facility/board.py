"""Where connections come in: a socket per address, or one socket for thousands of addresses."""

import asyncio
import contextlib
import socket
from functools import partial

from clusterwright.errors import OperationError
from clusterwright.lab.facility.listener import Listener

BACKLOG = 1024


class Board:
    """Hands each connection to the listener of the address that it came to.

    With `device` (such as lo) there is one socket for all addresses, and only connections that come
    in through that device reach it. Without, each address has a socket of its own, so that a closed
    one refuses connections as a machine that is off does. A listener with a plug has its socket
    where that is, and none while the plug has no address.
    """

    def __init__(self, port: int, *, device: str = "") -> None:
        self._port, self._device = port, device
        self._listeners: dict[str, Listener] = {}
        self._sockets: dict[str, socket.socket] = {}
        self._accepting: dict[str, asyncio.Task[None]] = {}

    async def open(self, listener: Listener) -> None:
        """Let connections to the listener's address in."""
        self._listeners[str(listener.address)] = listener
        if listener.plug:
            listener.plug.moved = partial(self._follow, listener)
        self._let_in(listener)

    async def _follow(self, listener: Listener) -> None:
        """Its plug has another address."""
        await self._shut(str(listener.address))
        if str(listener.address) in self._listeners:
            self._let_in(listener)

    def _let_in(self, listener: Listener) -> None:
        planned, plug = str(listener.address), listener.plug
        place = planned if plug or not self._device else ""
        if place in self._sockets or (plug and plug.address is None):
            return
        if plug:
            found = self._listen(plug.socket(), str(plug.address), planned)
        else:
            found = self._listen(_here(self._device), place, planned)
        self._sockets[place] = found
        self._accepting[place] = asyncio.create_task(self._accept(found, planned if plug else ""))

    async def close(self, listener: Listener) -> None:
        """Let nobody in any more."""
        address = str(listener.address)
        self._listeners.pop(address, None)
        if not self._device or listener.plug:
            await self._shut(address)
        elif not self._listeners:
            await self._shut("")
        await listener.close()

    async def _shut(self, place: str) -> None:
        if task := self._accepting.pop(place, None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if found := self._sockets.pop(place, None):
            found.close()

    def _listen(self, found: socket.socket, place: str, address: str) -> socket.socket:
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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

    async def _accept(self, listening: socket.socket, planned: str) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError:
                # Out of file descriptors, or a connection that has gone already.
                await asyncio.sleep(0.05)
                continue
            self._deal(connection, planned)

    def _deal(self, connection: socket.socket, planned: str) -> None:
        with contextlib.suppress(OSError):
            if listener := self._listeners.get(planned or connection.getsockname()[0]):
                listener.meet(connection)
                return
        connection.close()


def _here(device: str) -> socket.socket:
    """Return a socket of our own network, which hears only of a device where one is given."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if device:
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        except OSError:
            found.close()
            raise
    return found
