"""The web server of the lab's packages."""

import asyncio
import socket
from ipaddress import IPv4Address
from pathlib import Path

import aiohttp
import pytest

from clusterwright.errors import OperationError
from clusterwright.lab import package_server
from tests.ports import free_port

LOOPBACK = IPv4Address("127.0.0.1")


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """A socket on a free port, which is then the server's."""
    port = free_port()
    one = socket.create_server((str(LOOPBACK), port))
    monkeypatch.setattr(package_server, "PORT", port)
    return one


@pytest.mark.parametrize("path", ["apt/key.asc", "firmware/dgx-h100/bios.fwpkg"])
def test_it_serves_packages_and_firmware(
    listener: socket.socket, tmp_path: Path, path: str
) -> None:
    for folder in ("apt", "firmware"):
        (tmp_path / folder).mkdir()
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("content")
    listener.close()

    async def fetch() -> str:
        folders = tmp_path / "apt", tmp_path / "firmware"
        runner = await package_server.serve_packages(*folders, LOOPBACK)
        address = f"http://{LOOPBACK}:{package_server.PORT}/{path}"
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            text = await response.text()
        await runner.cleanup()
        return text

    assert asyncio.run(fetch()) == "content"


def test_an_address_in_use_is_named_with_the_remedy(
    listener: socket.socket, tmp_path: Path
) -> None:
    with listener, pytest.raises(OperationError) as refused:
        asyncio.run(package_server.serve_packages(tmp_path, tmp_path, LOOPBACK))
    assert str(refused.value).startswith(
        f"package repository 127.0.0.1:{package_server.PORT}: cannot be served ("
    )
    assert str(refused.value).endswith("; end what listens there in the lab's network namespace")
