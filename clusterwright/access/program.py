"""Programs that run to their end or to a deadline, and that no cancelled task leaves behind."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

GRACE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended and what it said; `status` is None where the deadline ended it."""

    status: int | None
    output: str
    words: str
    """Its standard error."""


async def run_program(
    command: Sequence[str],
    *,
    deadline_s: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run a program, in a process group of its own that ends with the caller's task.

    At the deadline, or when the task is cancelled, it is asked to end; seconds later it is killed.
    """
    # Files, not pipes: whom it leaves behind on purpose, such as a master of ssh, keeps them open.
    with TemporaryFile() as output, TemporaryFile() as words:
        process = _start(command, output, words, folder, environment)
        try:
            async with asyncio.timeout(deadline_s):
                await _end_of(process)
            status = process.poll()
        except TimeoutError:
            status = None
        finally:
            await _end(process)
        return Ended(status=status, output=_text(output), words=_text(words))


def _start(
    command: Sequence[str],
    output: IO[bytes],
    words: IO[bytes],
    folder: Path | None,
    environment: Mapping[str, str] | None,
) -> subprocess.Popen[bytes]:
    """Start it without a moment at which the task can be cancelled.

    A task of asyncio.create_subprocess_exec that is cancelled before all pipes are connected
    waits for ever (CPython 3.11): its transport counts the missing ones as still open.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=words,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )


async def _end_of(process: subprocess.Popen[bytes]) -> None:
    """Wait until it has ended; nothing has to be undone where that is cancelled."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    descriptor = os.pidfd_open(process.pid)
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def _end(process: subprocess.Popen[bytes]) -> None:
    """Let it tidy up; what still runs then, or when even that is cancelled, is killed."""
    if process.poll() is not None:
        return
    try:
        _signal(process, signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await _end_of(process)
    finally:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    """Until we have waited for it, the number of its group is nobody else's."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, sign)


def _text(file: IO[bytes]) -> str:
    # It shares its place in the file with whoever still writes there.
    written = os.fstat(file.fileno()).st_size
    return os.pread(file.fileno(), written, 0).decode(errors="replace")
