"""A controller that is reached under the address that its port has at the moment."""

import asyncio
import socket
from ipaddress import IPv4Address

from clusterwright.lab.facility.board import Board
from tests.ports import free_port


class Plug:
    """A port on loopback."""

    address: IPv4Address | None = None

    async def moved(self):
        """Replaced by who listens."""

    def socket(self):
        return socket.socket(socket.AF_INET, socket.SOCK_STREAM)

    async def move(self, address):
        self.address = address
        await self.moved()


class Listener:
    """Sends away whoever comes."""

    address = IPv4Address("127.4.0.1")

    def __init__(self, plug):
        self.plug = plug

    def meet(self, connection):
        connection.close()

    async def close(self):
        pass


async def answers(address, port):
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.close()
    return True


def test_a_controller_answers_only_under_the_address_that_its_port_has():
    async def walk(port):
        board, plug = Board(port), Plug()
        listener = Listener(plug)
        await board.open(listener)
        assert not await answers("127.4.0.1", port)
        for address in ("127.4.0.1", "127.4.0.2"):
            await plug.move(IPv4Address(address))
            assert await answers(address, port)
        assert not await answers("127.4.0.1", port)
        await plug.move(None)
        assert not await answers("127.4.0.2", port)
        await board.close(listener)

    asyncio.run(walk(free_port()))


def test_one_that_is_closed_stays_so_whatever_its_port_gets():
    async def walk(port):
        board, plug = Board(port), Plug()
        listener = Listener(plug)
        plug.address = IPv4Address("127.4.0.3")
        await board.open(listener)
        await board.close(listener)
        await plug.move(IPv4Address("127.4.0.4"))
        assert not await answers("127.4.0.4", port)
        await board.open(listener)
        assert await answers("127.4.0.4", port)
        await board.close(listener)

    asyncio.run(walk(free_port()))
