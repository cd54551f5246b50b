"""Ending what a play leaves behind: shared SSH connections, and workers of a cancelled run."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

GRACE_S = 1.0


def end_processes_of(variable: str, value: str) -> None:
    """End every process that was started with this environment variable, however detached.

    A process's session and parent do not tell: Ansible's workers and SSH masters have their own.
    """
    mark = f"{variable}={value}".encode()
    for stop in (signal.SIGTERM, signal.SIGKILL):
        processes = list(_marked(mark))
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, stop)
        deadline = time.monotonic() + GRACE_S
        while processes and time.monotonic() < deadline:
            time.sleep(0.02)
            processes = [process for process in processes if Path(f"/proc/{process}").exists()]
        if not processes:
            return


def _marked(mark: bytes) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)
