"""The boot service: each host finds what is its own, once, and nobody else finds anything."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from clusterwright.access.boot_service import (
    BootService,
    Grant,
    identity_of,
    new_tokens,
    serve_boots,
)
from clusterwright.access.keeper import Keeper
from clusterwright.access.os_install import Boots
from clusterwright.access.vault import Vault
from clusterwright.errors import OperationError, UsageError
from clusterwright.lab.authority import make_ca
from clusterwright.site_folder import SiteFolder
from tests.access.boot_images import boots, identity, make_image, needs_xorriso, read_image
from tests.ports import free_port

pytestmark = needs_xorriso
KEY = "ssh-ed25519 " + "A" * 68
MENU = "menuentry x {\n  linux /install.amd/vmlinuz\n}\n"


@dataclass(frozen=True, kw_only=True)
class Client:
    """A stranger that trusts the site's CA."""

    service: BootService
    trust: ssl.SSLContext

    async def ask(
        self, token: str, name: str, method: str = "GET", **more: Any
    ) -> tuple[int, bytes]:
        url = self.service.url(token, name)
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, ssl=self.trust, **more) as response,
        ):
            return response.status, await response.read()


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[Client, Grant]]:
    make_ca(folder / "authority")
    image = make_image(folder)
    async with boots(folder / "authority", folder, free_port()) as service:
        trust = ssl.create_default_context(cafile=folder / "authority/ca.pem")
        medium = await service.medium(image, "", MENU)
        files = {"user-data": "secret", "meta-data": ""}
        grant = Grant(host="su1-n1", tokens=new_tokens(), medium=medium, files=files)
        yield Client(service=service, trust=trust), grant


@pytest.mark.asyncio
async def test_an_answer_file_is_served_once(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, grant):
        with client.service.open(grant):
            token = grant.tokens.answer
            assert await client.ask(token, "meta-data") == (200, b"")
            assert await client.ask(token, "user-data") == (200, b"secret")
            assert (await client.ask(token, "user-data"))[0] == 410
            assert (await client.ask(token, "network-config"))[0] == 404


@pytest.mark.asyncio
async def test_it_is_known_that_an_answer_leaves_before_it_does(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, grant):
        known: list[str] = []

        async def fetched() -> None:
            await asyncio.sleep(0)
            known.append("fetched")

        grant.fetched = fetched
        with client.service.open(grant):
            await client.ask(grant.tokens.answer, "user-data")
    assert known == ["fetched"]


@pytest.mark.asyncio
async def test_a_token_opens_what_it_is_for_and_nothing_else(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, grant):
        tokens = grant.tokens
        with client.service.open(grant):
            assert (await client.ask("x" * 43, "user-data"))[0] == 503
            assert (await client.ask(tokens.report, "user-data"))[0] == 404
            assert (await client.ask("", "user-data"))[0] == 404
            assert (await client.ask(tokens.medium, "user-data"))[1] != b"secret"
            assert (await client.ask(tokens.answer, "host-key", "POST", data=KEY))[0] == 404
        assert (await client.ask(tokens.answer, "user-data"))[0] == 503
        assert (await client.ask(tokens.medium, "x.iso"))[0] == 503
    assert not grant.host_key.done()


@pytest.mark.asyncio
async def test_one_report_is_taken(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, grant):
        told: list[str] = []
        grant.reported = told.append
        with client.service.open(grant):
            token = grant.tokens.report
            for wrong in ("", "ssh-rsa AAAA", f"{KEY}\n{KEY}", "x" * 3000):
                assert (await client.ask(token, "host-key", "POST", data=wrong))[0] == 400
            assert (await client.ask(token, "host-key", "POST", data="x" * 9000))[0] == 413
            assert (await client.ask(token, "host-key", "POST", data=f"{KEY} root@x\n"))[0] == 200
            assert (await client.ask(token, "host-key", "POST", data=KEY))[0] == 410
    assert (grant.host_key.result(), told) == (KEY, [KEY])


@pytest.mark.asyncio
async def test_the_image_has_the_hosts_menu_and_is_else_as_it_was(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, grant):
        with client.service.open(grant):
            status, content = await client.ask(grant.tokens.medium, "su1-n1.iso")
    fetched = tmp_path / "fetched.iso"
    fetched.write_bytes(content)
    assert status == 200
    menu = read_image(fetched, "/boot/grub/grub.cfg", tmp_path / "menu")
    assert menu.startswith(MENU)
    assert menu.strip() == MENU.strip()
    original = (tmp_path / "image.iso").read_bytes()
    assert len(content) == len(original)
    sectors = range(0, len(content), 2048)
    assert sum(content[at : at + 2048] != original[at : at + 2048] for at in sectors) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [1, 1000, 2048, 5000], ids=lambda size: f"{size} bytes at a time")
async def test_an_image_can_be_read_in_pieces(tmp_path: Path, size: int) -> None:
    async with served(tmp_path) as (client, grant):
        with client.service.open(grant):
            token = grant.tokens.medium
            _, whole = await client.ask(token, "x.iso")
            start = whole.index(b"menuentry") - 3
            for first in range(start, start + 3 * size, size):
                headers = {"Range": f"bytes={first}-{first + size - 1}"}
                answer = await client.ask(token, "x.iso", headers=headers)
                assert answer == (206, whole[first : first + size])
            headers = {"Range": f"bytes={len(whole)}-"}
            assert (await client.ask(token, "x.iso", headers=headers))[0] == 416
            assert await client.ask(token, "x.iso", "HEAD") == (200, b"")


@pytest.mark.asyncio
async def test_who_trusts_another_ca_gets_nothing(tmp_path: Path) -> None:
    other = make_ca(tmp_path / "other", name="another site")
    async with served(tmp_path) as (client, grant):
        with client.service.open(grant):
            stranger = Client(
                service=client.service, trust=ssl.create_default_context(cafile=other)
            )
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await stranger.ask(grant.tokens.answer, "user-data")
    assert grant.served == set()


@pytest.mark.asyncio
async def test_an_image_that_is_not_the_declared_one_is_refused(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _):
        image = tmp_path / "image.iso"
        right = hashlib.sha256(image.read_bytes()).hexdigest()
        assert (await client.service.medium(image, right, MENU)).image == image
        with pytest.raises(UsageError, match=r"its SHA-256 is .*, but the definition says 00"):
            await client.service.medium(image, "0" * 64, MENU)


def text_file(folder: Path) -> Path:
    file = folder / "text.iso"
    file.write_text("x" * 100_000)
    return file


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        pytest.param(lambda folder: folder / "none.iso", "cannot be read", id="no image"),
        pytest.param(text_file, "is not an ISO 9660 image", id="no ISO"),
        pytest.param(
            lambda folder: make_image(folder / "short", menu_bytes=10),
            "has 10 bytes, but the host's needs 45",
            id="no room",
        ),
    ],
)
async def test_an_image_that_cannot_serve_is_named_with_the_remedy(
    tmp_path: Path, prepare: Any, sentence: str
) -> None:
    async with served(tmp_path) as (client, _):
        with pytest.raises(UsageError, match=sentence):
            await client.service.medium(prepare(tmp_path), "", MENU)


@pytest.mark.asyncio
async def test_without_a_certificate_it_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="secret boot-service: the vault has no certificate"):
        async with serve_boots("127.0.0.1", free_port(), {}):
            pass


@pytest.mark.asyncio
async def test_an_address_of_another_machine_is_named(tmp_path: Path) -> None:
    make_ca(tmp_path / "authority")
    async with boots(tmp_path / "authority", tmp_path, port := free_port()):
        with pytest.raises(
            OperationError, match=f"boot service 127.0.0.1:{port}: cannot be served"
        ):
            async with boots(tmp_path / "authority", tmp_path, port):
                pass


@pytest.mark.asyncio
async def test_where_the_vault_has_the_key_of_the_ca_the_service_signs_for_itself(
    tmp_path: Path,
) -> None:
    ca_file = make_ca(tmp_path / "authority")
    key = (tmp_path / "authority/ca.key").read_text()
    vault = Vault(file=tmp_path / "vault", secrets={"ca": {"private_key": key}})
    port = free_port()
    identity = await identity_of(vault, ca_file, "127.0.0.1")
    async with serve_boots("127.0.0.1", port, identity) as service:
        client = Client(service=service, trust=ssl.create_default_context(cafile=ca_file))
        assert (await client.ask("x" * 43, "user-data"))[0] == 503


@pytest.mark.asyncio
async def test_one_service_serves_all_installations_and_ends_with_the_last(tmp_path: Path) -> None:
    ca_file = make_ca(tmp_path / "authority")
    folder = SiteFolder(definition=tmp_path / "site.yml")
    folder.ca_file.write_bytes(ca_file.read_bytes())
    vault = Vault(
        file=tmp_path / "vault",
        secrets={"boot-service": identity(tmp_path / "authority", tmp_path)},
    )

    async def opened() -> Vault:
        return vault

    lent, port = Boots(folder, opened, Keeper(folder.vault)), free_port()
    for _ in range(2):
        async with lent.lend("127.0.0.1", port) as one:
            async with lent.lend("127.0.0.1", port) as other:
                assert one.service is other.service
            client = Client(service=one.service, trust=ssl.create_default_context(cafile=ca_file))
            assert (await client.ask("x" * 43, "user-data"))[0] == 503
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.ask("x" * 43, "user-data")
