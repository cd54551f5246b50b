"""No connection outlives its client, whatever the other side does."""

import asyncio
import gc
import socket
import ssl
import threading
import warnings

from clusterwright.access.redfish.connection import open_connection

ANSWER = b"HTTP/1.1 401 no\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
DEADLINE_S = 60


def test_a_device_that_says_no_goodbye_is_left_all_the_same(certificates):
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        device = threading.Thread(target=_answer_once, args=(listening, certificates, asked))
        device.start()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", ResourceWarning)
            address = f"127.0.0.1:{listening.getsockname()[1]}"
            assert asyncio.run(_status(address, certificates)) == 401
            gc.collect()
        asked.set()
        device.join(DEADLINE_S)
    assert [str(one.message) for one in said if "transport" in str(one.message)] == []


def _answer_once(listening, certificates, asked):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "service.crt", certificates / "service.key")
    connection, _ = listening.accept()
    with context.wrap_socket(connection, server_side=True) as secured:
        secured.recv(4096)
        secured.sendall(ANSWER)
        asked.wait(DEADLINE_S)


async def _status(address, certificates):
    trusted = ssl.create_default_context(cafile=certificates / "ca.pem")
    async with open_connection(address, trusted, DEADLINE_S) as http, http.get("/") as response:
        return response.status
