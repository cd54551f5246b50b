"""The supervisor's control socket: one request a connection, a line of JSON each way."""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from clusterwright.errors import ClusterwrightError, OperationError

Document = dict[str, Any]
PATIENCE_S = 120.0


def ask(file: Path, request: Mapping[str, object], *, patience_s: float = PATIENCE_S) -> Document:
    """Return the supervisor's answer.

    Raises:
        OperationError: nobody listens, or the supervisor refuses: in its own words.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection, _reachable(file) as name:
            connection.settimeout(patience_s)
            connection.connect(name)
            connection.sendall(json.dumps(request).encode() + b"\n")
            with connection.makefile("rb") as stream:
                answer: Document = json.loads(stream.readline())
    except (OSError, ValueError) as error:
        raise OperationError(
            f"lab supervisor: does not answer at {file} ({error}); see {file.parent}/"
            "supervisor.log, or start afresh with lab down and lab up"
        ) from error
    if "error" in answer:
        raise OperationError(str(answer["error"]))
    return answer


async def serve(
    file: Path, reply: Callable[[Document], Awaitable[Document]]
) -> asyncio.AbstractServer:
    """Answer requests on the socket `file`, which only root can reach."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            answer = await _answer(await reader.readline(), reply)
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    return await asyncio.start_unix_server(connected, sock=_listener(file))


def _listener(file: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    with _reachable(file) as name:
        listener.bind(name)
    file.chmod(0o600)
    return listener


async def _answer(line: bytes, reply: Callable[[Document], Awaitable[Document]]) -> Document:
    try:
        return await reply(json.loads(line))
    except ClusterwrightError as error:
        return {"error": str(error)}
    except (ValueError, KeyError) as error:
        return {"error": f"request {line!r}: is not understood ({error!r})"}


@contextlib.contextmanager
def _reachable(file: Path) -> Iterator[str]:
    """A name for the socket that fits into the kernel's 107 bytes, however deep its folder is."""
    folder = os.open(file.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{file.name}"
    finally:
        os.close(folder)
