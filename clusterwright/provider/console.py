"""The Pulumi console: what the operator reads while the engine runs."""

import asyncio
from typing import Any, Protocol

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from typing_extensions import override

INFO = engine_pb2.INFO
WARNING = engine_pb2.WARNING


class Console(Protocol):
    """Somewhere to show lines; a line with a urn belongs to that resource."""

    def show(self, severity: int, message: str, urn: str, *, ephemeral: bool = False) -> None: ...

    async def flush(self) -> None:
        """Return when every line so far is shown, or nobody is there to show it to."""


class EngineConsole(Console):
    """Sends lines to the engine in their order; may be called from any thread."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        # The stub's types know only its blocking form.
        self._engine: Any = engine_pb2_grpc.EngineStub(channel)
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[engine_pb2.LogRequest] = asyncio.Queue()
        self._sender = self._loop.create_task(self._send())

    @override
    def show(self, severity: int, message: str, urn: str, *, ephemeral: bool = False) -> None:
        line = engine_pb2.LogRequest(
            severity=engine_pb2.LogSeverity.ValueType(severity),
            message=message,
            urn=urn,
            ephemeral=ephemeral,
        )
        self._loop.call_soon_threadsafe(self._lines.put_nowait, line)

    @override
    async def flush(self) -> None:
        # Lines are queued by a callback of the loop, which must get its turn first.
        await asyncio.sleep(0)
        await self._lines.join()

    async def close(self) -> None:
        self._sender.cancel()
        await asyncio.gather(self._sender, return_exceptions=True)

    async def _send(self) -> None:
        while True:
            line = await self._lines.get()
            try:
                await self._engine.Log(line, timeout=5)
            except grpc.aio.AioRpcError:
                # Without an engine nobody reads this; `lifetime` ends the provider.
                pass
            finally:
                self._lines.task_done()


class SilentConsole(Console):
    """For a provider that was started without an engine, by hand or by a test."""

    @override
    def show(self, severity: int, message: str, urn: str, *, ephemeral: bool = False) -> None:
        return None

    @override
    async def flush(self) -> None:
        return None
