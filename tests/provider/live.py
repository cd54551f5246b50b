"""A provider over real gRPC whose devices are a dictionary."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from clusterwright.access.guard import Difference, Outcome
from clusterwright.provider.console import Console
from clusterwright.provider.kinds import KINDS
from clusterwright.provider.operations import Operations
from clusterwright.provider.schema import schema
from clusterwright.provider.servicer import VERSION, Servicer
from clusterwright.provider.wire import decode, encode

NODE_TYPE = "clusterwright:facility:Node"
NODE_INPUTS = {
    "address": "10.100.0.11",
    "secret": "bmc/su1-n1",
    "powerState": "On",
    "boot": {"target": "Hdd", "enabled": "Continuous", "mode": "UEFI"},
    "bios": {"BootMode": "Uefi", "SriovSupport": "Enabled"},
    "coolant": {},
    "inService": False,
    "allow": ["reset"],
}
NODE_ID = "bmc/su1-n1@10.100.0.11"
URN = f"urn:pulumi:lab::clusterwright::{NODE_TYPE}::su1-n1"


@dataclass
class Devices:
    """Stands in for an access module: devices by address, and what was done to them."""

    states: dict[str, Any] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    error: Exception | None = None
    pending: tuple[Difference, ...] = ()
    slow: asyncio.Event | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, client: str, desired: Any = None) -> Any:
        self.log.append(f"read {client}")
        if self.error:
            raise self.error
        return self.states[client]

    async def apply(self, client: str, desired: Any, guard: Any) -> Outcome[Any]:
        self.log.append(f"apply {client}")
        self.entered.set()
        if self.slow:
            await self.slow.wait()
        if self.error:
            raise self.error
        self.states[client] = desired
        return Outcome(state=desired, pending=self.pending)


class Connection(str):
    """An address that is taken for the connection."""

    waiting = ""


class FakeSite:
    """Gives out the address as the connection."""

    folder = None

    def __init__(self, plan: Any = None) -> None:
        self._plan = plan

    async def plan(self) -> Any:
        return self._plan

    @asynccontextmanager
    async def device(self, address: str, secret: str) -> AsyncIterator[str]:
        yield Connection(address)

    @asynccontextmanager
    async def look(self, address: str, secret: str) -> AsyncIterator[str]:
        yield Connection(address)

    @asynccontextmanager
    async def beside(self, address: str, secret: str) -> AsyncIterator[str]:
        yield Connection(address)

    @asynccontextmanager
    async def play(self, rack: str) -> AsyncIterator[None]:
        yield

    @asynccontextmanager
    async def maintenance(self, *, disruptive: bool) -> AsyncIterator[None]:
        yield


class Lines(Console):
    """Keeps what the operator would have read."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def show(self, severity: int, message: str, urn: str, *, ephemeral: bool = False) -> None:
        if not ephemeral:
            self.lines.append(message)

    async def flush(self) -> None:
        return None


@dataclass
class Provider:
    """What a test needs: the engine's end of the wire, and what the operator reads."""

    stub: Any
    console: Lines
    operations: Operations

    async def check(self, inputs: dict[str, Any], kind: str = NODE_TYPE) -> Any:
        request = provider_pb2.CheckRequest(urn=URN, type=kind, news=encode(inputs))
        return await self.stub.Check(request)

    async def diff(self, old: dict[str, Any], new: dict[str, Any], **state: Any) -> Any:
        request = provider_pb2.DiffRequest(
            urn=URN, type=NODE_TYPE, old_inputs=encode(old), olds=encode(old | state)
        )
        request.news.CopyFrom(encode(new))
        return await self.stub.Diff(request)

    async def create(self, inputs: Any = None, *, preview: bool = False, limit_s: float = 0) -> Any:
        properties = encode(NODE_INPUTS) if inputs is None else inputs
        request = provider_pb2.CreateRequest(
            urn=URN, type=NODE_TYPE, properties=properties, preview=preview, timeout=limit_s
        )
        return await self.stub.Create(request)

    async def update(
        self, inputs: dict[str, Any], *, old: dict[str, Any], preview: bool = False
    ) -> Any:
        request = provider_pb2.UpdateRequest(
            urn=URN, type=NODE_TYPE, id=NODE_ID, news=encode(inputs), preview=preview
        )
        request.old_inputs.CopyFrom(encode(old))
        return await self.stub.Update(request)

    async def read(self, inputs: dict[str, Any], **state: Any) -> Any:
        request = provider_pb2.ReadRequest(urn=URN, type=NODE_TYPE, id=NODE_ID)
        if inputs:
            request.inputs.CopyFrom(encode(inputs))
            request.properties.CopyFrom(encode(inputs | state))
        return await self.stub.Read(request)


@asynccontextmanager
async def serving(grace_s: float = 0.1) -> AsyncIterator[Provider]:
    """Serve on loopback, with a site already configured."""
    console, operations = Lines(), Operations(grace_s=grace_s)

    async def open_site(name: str) -> Any:
        return FakeSite()

    servicer = Servicer(
        kinds=KINDS,
        console=console,
        operations=operations,
        open_site=open_site,
        schema=schema(KINDS, VERSION),
    )
    server = grpc.aio.server()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        await stub.Configure(provider_pb2.ConfigureRequest(args=encode({"site": "lab"})))
        yield Provider(stub=stub, console=console, operations=operations)
    await server.stop(grace=None)


def half_done(error: grpc.aio.AioRpcError) -> provider_pb2.ErrorResourceInitFailed:
    """Return the partial failure in an error, as the engine looks for it."""
    metadata = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    return detail


def plain(struct: Any) -> dict[str, Any]:
    return decode(struct).values
