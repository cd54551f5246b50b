"""The provider ends when its engine is gone, also when that was killed."""

import asyncio
import signal

import grpc

from clusterwright.provider.parent_process import end_with_parent


async def engine_gone(channel: grpc.aio.Channel) -> None:
    """Return when nobody answers at the engine's address any more."""
    while True:
        state = channel.get_state(try_to_connect=True)
        if state in (grpc.ChannelConnectivity.TRANSIENT_FAILURE, grpc.ChannelConnectivity.SHUTDOWN):
            return
        await channel.wait_for_state_change(state)


async def asked_to_stop() -> None:
    """Return on SIGINT and SIGTERM, and when the process that started this one has ended."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    end_with_parent(stop.set)
    await stop.wait()
