"""Lines reach the engine in order, from any thread, and nobody fails when it is gone."""

import asyncio

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2_grpc

from clusterwright.provider.console import INFO, EngineConsole
from clusterwright.provider.operations import OperationCancelled, Operations
from clusterwright.provider.progress import Progress

pytestmark = pytest.mark.asyncio


class Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self):
        self.lines = []

    async def Log(self, request, context):  # noqa: N802
        self.lines.append((request.message, request.urn, request.ephemeral))
        return Empty()


@pytest.fixture
def engine():
    return Engine()


async def test_lines_arrive_in_order_from_any_thread(engine):
    server = grpc.aio.server()
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        console = EngineConsole(channel)
        console.show(INFO, "one", "urn")
        await asyncio.to_thread(console.show, INFO, "two", "urn", ephemeral=True)
        await console.flush()
        await console.close()
    await server.stop(grace=None)
    assert engine.lines == [("one", "urn", False), ("two", "urn", True)]


async def test_lines_to_an_engine_that_is_gone_are_dropped():
    async with grpc.aio.insecure_channel("127.0.0.1:1") as channel:
        console = EngineConsole(channel)
        console.show(INFO, "one", "urn")
        await console.flush()
        await console.close()


async def test_what_takes_long_shows_that_it_is_alive():
    lines = []

    class Lines:
        def show(self, severity, message, urn, *, ephemeral=False):
            lines.append((message, ephemeral))

    progress = Progress(console=Lines(), urn="urn", cancelled=asyncio.Event())
    async with progress.ticking("resetting"):
        await asyncio.sleep(0)
    assert lines == [("resetting", True)]


async def test_what_ends_within_the_grace_ends_well():
    operations, begun = Operations(grace_s=10), asyncio.Event()

    async def work():
        begun.set()
        await operations.cancelled.wait()
        return "done"

    running = asyncio.create_task(operations.run(work()))
    await begun.wait()
    await operations.stopped()
    assert await running == "done"


async def test_what_does_not_end_within_the_grace_is_cancelled():
    operations, begun = Operations(grace_s=0), asyncio.Event()

    async def work():
        begun.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(operations.run(work()))
    await begun.wait()
    await operations.stopped()
    with pytest.raises(OperationCancelled):
        await running


async def test_a_timeout_inside_the_work_is_not_taken_for_the_limit():
    async def work():
        raise TimeoutError("inside")

    with pytest.raises(TimeoutError, match="inside"):
        await Operations().run(work(), limit_s=60)
