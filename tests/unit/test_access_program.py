"""Programs that are run: how they end, and that none is left behind."""

import asyncio
import os
import signal
import threading
from pathlib import Path

import pytest

from clusterwright.access import program
from clusterwright.access.program import run_program

# It and its child hold the fifo open for as long as they live, and say so if nobody ends them.
LIVES_LONG = 'exec 9>"$0"; (sleep 120; echo left >&9) & sleep 120; echo left >&9'
DEAF = """trap '' TERM; exec 9>"$0"; echo deaf >&9; (sleep 120; echo left >&9) & sleep 120"""
LONG_S = 3600.0


class OwnError(Exception):
    """What ends the caller."""


@pytest.fixture
def fifo(tmp_path: Path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reader, True)
    yield path, reader
    os.close(reader)


def start(command: str, path: Path) -> asyncio.Task[program.Ended]:
    return asyncio.create_task(run_program(["sh", "-c", command, str(path)], deadline_s=LONG_S))


async def heard(reader: int) -> bytes:
    """Return what was written to the fifo first; until somebody opens it, there is nothing."""
    for _ in range(10_000):
        if said := os.read(reader, 100):
            return said
        await asyncio.sleep(0.01)
    return b""


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def the_task_is_cancelled(path: Path, count: int) -> None:
    task = start(LIVES_LONG, path)
    await turns(count)
    task.cancel()
    await task


async def the_caller_fails(path: Path, count: int) -> None:
    """asyncio.run then cancels all tasks at once, those of asyncio itself among them."""
    running = start(LIVES_LONG, path)
    await turns(count)
    raise OwnError(running)


@pytest.mark.parametrize("count", range(6))
@pytest.mark.parametrize("way", [the_task_is_cancelled, the_caller_fails])
def test_a_program_that_is_just_being_started_ends_with_its_caller(fifo, way, count):
    path, reader = fifo
    raised = []

    def run() -> None:
        try:
            asyncio.run(way(path, count))
        except (asyncio.CancelledError, OwnError) as error:
            raised.append(error)

    # In a thread of its own, which may hang without holding up the others.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(100)
    assert not thread.is_alive()
    assert len(raised) == 1
    assert os.read(reader, 100) == b""


def test_a_program_that_does_not_heed_is_killed_at_once_when_cancelled_again(fifo, monkeypatch):
    monkeypatch.setattr(program, "GRACE_S", LONG_S)
    path, reader = fifo

    async def cancelled_twice() -> None:
        task = start(DEAF, path)
        assert await heard(reader) == b"deaf\n"
        task.cancel()
        await turns(5)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled_twice())
    assert os.read(reader, 100) == b""


def test_at_the_deadline_it_is_ended_with_all_that_it_started(fifo):
    path, reader = fifo
    ended = asyncio.run(run_program(["sh", "-c", LIVES_LONG, str(path)], deadline_s=0.1))
    assert ended.status is None
    assert os.read(reader, 100) == b""


def test_it_has_ended_though_somebody_still_could_write_for_it():
    command = ["sh", "-c", "sleep 120 & echo $!; echo oh >&2; exit 3"]
    ended = asyncio.run(run_program(command, deadline_s=100.0))
    os.kill(int(ended.output), signal.SIGKILL)
    assert (ended.status, ended.words) == (3, "oh\n")
