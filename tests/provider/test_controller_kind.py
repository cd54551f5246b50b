"""A controller's resource over the engine's own wire, against an emulated one of its maker's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from clusterwright.access.controller import ControllerState
from clusterwright.access.vault import open_vault
from clusterwright.provider.check import check
from clusterwright.provider.controller import CONTROLLER
from clusterwright.provider.kinds import KINDS
from clusterwright.provider.operations import Operations
from clusterwright.provider.progress import Progress
from clusterwright.provider.schema import schema
from clusterwright.provider.servicer import VERSION, Servicer
from clusterwright.provider.site import Site
from clusterwright.provider.wire import Properties, decode, encode
from clusterwright.site_folder import SiteFolder
from clusterwright.vault_file import VARIABLE, write_vault
from tests.access.facility_rig import PASSWORD
from tests.access.test_access_controller import (
    BMC,
    DELIVERED,
    FACTORY,
    SECRET,
    Desk,
    delivered,
    taken_over,
)
from tests.provider.live import Lines, half_done

pytestmark = pytest.mark.asyncio

TYPE = "clusterwright:facility:Controller"
URN = f"urn:pulumi:lab::clusterwright::{TYPE}::su1-n1-bmc"
DECLARED = {
    "secret": SECRET,
    "name": "su1-n1-bmc",
    "delivered": FACTORY,
    "validDays": 90,
    "rotation": 0,
    "passwordDays": 60,
    "certificateDays": 30,
    "hostname": "su1-n1-bmc",
    "dhcp": False,
    "prefixLength": 22,
    "gateway": "10.100.0.1",
    "ntpServers": ["10.100.0.1"],
}


class Engine:
    """The engine's side of the wire for one resource."""

    def __init__(self, stub: Any, desk: Desk, console: Lines) -> None:
        self.stub, self.desk, self.console = stub, desk, console
        address = desk.lab.url(BMC).removeprefix("https://")
        self.inputs: dict[str, Any] = {**DECLARED, "address": address}
        self.identifier = f"{SECRET}@{address}"

    async def check(self, **changes: Any) -> Any:
        news = encode({**self.inputs, **changes})
        return await self.stub.Check(provider_pb2.CheckRequest(urn=URN, type=TYPE, news=news))

    async def create(self, *, preview: bool = False) -> Any:
        checked = await self.check()
        assert list(checked.failures) == []
        request = provider_pb2.CreateRequest(
            urn=URN, type=TYPE, properties=checked.inputs, preview=preview
        )
        return await self.stub.Create(request)

    async def read(self, inputs: Any = None) -> Any:
        request = provider_pb2.ReadRequest(urn=URN, type=TYPE, id=self.identifier)
        if inputs is not None:
            request.inputs.CopyFrom(inputs)
            request.properties.CopyFrom(inputs)
        return await self.stub.Read(request)

    async def update(self, *, preview: bool = False, **changes: Any) -> Any:
        news = (await self.check(**changes)).inputs
        request = provider_pb2.UpdateRequest(
            urn=URN, type=TYPE, id=self.identifier, news=news, preview=preview
        )
        request.old_inputs.CopyFrom((await self.check()).inputs)
        return await self.stub.Update(request)

    async def drift(self) -> set[str]:
        """Return the inputs in which what is live differs from what is declared."""
        declared = (await self.check()).inputs
        live = decode((await self.read(declared)).inputs).values
        wanted = decode(declared).values
        return {name for name in wanted if live.get(name) != wanted[name]}


@asynccontextmanager
async def engine(folder: Path, patch: pytest.MonkeyPatch, **settings: Any) -> AsyncIterator[Engine]:
    async with delivered(folder, **settings) as desk:
        site = SiteFolder(definition=folder / "site/site.yml")
        site.path.mkdir()
        site.ca_file.write_bytes(desk.lab.ca_file.read_bytes())
        desk.file.rename(site.vault)
        desk.passphrase.rename(site.vault.with_suffix(".passphrase"))
        desk.file = site.vault
        patch.setenv(VARIABLE, str(desk.passphrase))
        console = Lines()

        async def open_site(_: str) -> Site:
            return Site(site)

        servicer = Servicer(
            kinds=KINDS,
            console=console,
            operations=Operations(grace_s=0.1),
            open_site=open_site,
            schema=schema(KINDS, VERSION),
        )
        server = grpc.aio.server()
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            await stub.Configure(provider_pb2.ConfigureRequest(args=encode({"site": "x"})))
            yield Engine(stub, desk, console)
        await server.stop(grace=None)


async def test_first_contact_refresh_and_a_change_behind_our_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine(tmp_path, monkeypatch) as one:
        assert await one.drift() == {"certificate"}
        created = await one.create()
        assert created.id == one.identifier
        assert await one.drift() == set()
        (shown,) = one.console.lines
        assert "first contact: trusted the certificate" in shown

        memory = one.desk.lab.running.site.nodes[BMC].service.memory
        memory.update(ntp_enabled=False, hostname="somebody")
        assert await one.drift() == {"ntpServers", "hostname"}
        await one.update()
        assert await one.drift() == set()

        imported = decode((await one.read()).inputs).values
        assert (imported["name"], imported["certificate"]) == ("su1-n1-bmc", "site")
        assert imported["gateway"] == "10.100.0.1"


async def test_a_rotation_is_foretold_and_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine(tmp_path, monkeypatch, trusted=True) as one:
        await one.create()
        before = one.desk.text()
        await one.update(rotation=1, preview=True)
        assert one.desk.text() == before
        assert one.console.lines == [
            "the password of su1-n1-bmc is changed: whoever has it from elsewhere than the vault "
            "is shut out: jobs go on"
        ]
        await one.update(rotation=1)
        assert one.desk.text() != before
        one.inputs["rotation"] = 1
        assert await one.drift() == set()


async def test_a_preview_sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with engine(tmp_path, monkeypatch) as one:
        before = one.desk.text()
        await one.create(preview=True)
        assert one.desk.text() == before
        assert one.desk.lab.running.site.nodes[BMC].service.sessions._by_token == {}


async def test_what_is_as_declared_is_adopted_with_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine(tmp_path, monkeypatch, new=False, trusted=True) as one:
        write_vault(one.desk.file, {SECRET: DELIVERED})
        await one.create()
        expected = {**DELIVERED, **await taken_over(one.desk)}
        assert open_vault(one.desk.file).secrets[SECRET] == expected


async def test_no_secret_leaves_the_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with engine(tmp_path, monkeypatch) as one:
        created = await one.create()
        read = await one.read((await one.check()).inputs)
        vault = open_vault(one.desk.file)
        told = "".join((str(created), str(read), *one.console.lines, *capfd.readouterr()))
        secrets = {vault.login(SECRET).password, PASSWORD, vault.secrets["ca"]["private_key"]}
        assert [secret for secret in secrets if secret in told] == []


async def test_an_error_tells_no_password_and_keeps_the_last_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine(tmp_path, monkeypatch, trusted=True) as one:
        await one.create()
        password = open_vault(one.desk.file).login(SECRET).password
        await one.desk.lab.running.set_fault("bmc-unreachable", BMC, active=True)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await one.read((await one.check()).inputs)
        detail = half_done(raised.value)
        assert detail.id == one.identifier
        assert password not in str(raised.value) + str(detail)


async def test_others_get_the_new_password_in_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine(tmp_path, monkeypatch, trusted=True) as one:
        site = Site(SiteFolder(definition=tmp_path / "site/site.yml"))
        write_vault(one.desk.file, {SECRET: DELIVERED, **open_vault(one.desk.file).secrets})
        assert (await site.vault()).login(SECRET).password == PASSWORD
        await CONTROLLER.apply(
            site,
            CONTROLLER.model.declared({**one.inputs, "rotation": 1}),
            _quiet(one.console),
        )
        async with site.device(one.inputs["address"], SECRET) as client:
            assert await client.get("/redfish/v1/Managers")


def _quiet(console: Lines) -> Any:
    return Progress(console=console, urn="", cancelled=asyncio.Event())


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"address": "bmc.example"}, "address", id="no address"),
        pytest.param({"password": "theirs"}, "password", id="password"),
        pytest.param({"vlan": 5000}, "vlan", id="vlan"),
        pytest.param({"prefixLength": 0}, "prefixLength", id="prefix"),
    ],
)
async def test_a_wrong_input_is_named(changes: dict[str, Any], path: str) -> None:
    inputs = {**DECLARED, "address": "10.100.0.11", **changes}
    assert [one.property for one in check(CONTROLLER.model, Properties(values=inputs))] == [path]


async def test_every_field_of_the_state_is_an_input_of_that_name() -> None:
    assert {one.name for one in fields(ControllerState)} <= CONTROLLER.model.model_fields.keys()
