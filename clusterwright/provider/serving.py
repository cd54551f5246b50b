"""The gRPC server that the engine talks to."""

import asyncio
import sys

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from clusterwright.provider.console import Console, EngineConsole, SilentConsole
from clusterwright.provider.kinds import KINDS
from clusterwright.provider.lifetime import asked_to_stop, engine_gone
from clusterwright.provider.operations import Operations
from clusterwright.provider.schema import schema
from clusterwright.provider.servicer import VERSION, Servicer
from clusterwright.provider.site import open_site

# The engine sends whole states; its own limit is the same.
OPTIONS = (("grpc.max_receive_message_length", 400 << 20), ("grpc.enable_http_proxy", 0))


async def serve(engine: str) -> None:
    """Serve until the engine says stop, or is gone. The first line on stdout is the port."""
    channel = grpc.aio.insecure_channel(engine, options=OPTIONS) if engine else None
    console: Console = EngineConsole(channel) if channel else SilentConsole()
    operations = Operations()
    server = grpc.aio.server(options=OPTIONS)
    servicer = Servicer(
        kinds=KINDS,
        console=console,
        operations=operations,
        open_site=open_site,
        schema=schema(KINDS, VERSION),
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    stop = asyncio.create_task(_end(channel))
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await stop
    await operations.stopped()
    await server.stop(grace=0.5)


async def _end(channel: grpc.aio.Channel | None) -> None:
    ends = [asyncio.create_task(asked_to_stop())]
    if channel is not None:
        ends.append(asyncio.create_task(engine_gone(channel)))
    _, others = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
