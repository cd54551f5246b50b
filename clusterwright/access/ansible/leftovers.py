"""Ending what a play leaves behind: shared SSH connections, and workers of a cancelled run."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

GRACE_S = 1.0


def end_processes_of(mark: str) -> None:
    """End every process that has `mark` in its environment or its command line.

    Session and parent do not tell whose they are: Ansible's workers and SSH's shared connections
    detach themselves, and the latter write their command line over their environment.
    """
    for stop in (signal.SIGTERM, signal.SIGKILL):
        processes = list(_marked(mark.encode()))
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, stop)
        if _all_ended(processes):
            return


def _marked(mark: bytes) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with suppress(OSError):
                if any(mark in (folder / told).read_bytes() for told in ("cmdline", "environ")):
                    yield int(folder.name)


def _all_ended(processes: list[int]) -> bool:
    deadline = time.monotonic() + GRACE_S
    while any(_runs(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _runs(process: int) -> bool:
    """Whether a process is there and not merely waiting for its parent to notice its end."""
    with suppress(OSError):
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False
