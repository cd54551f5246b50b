"""A play's own folder, and ending what a play leaves behind.

That is shared SSH connections, workers of a cancelled run, and after `kill -9` of whoever started
it a whole play: the next one ends it before it begins.
"""

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GRACE_S = 1.0
FOLDER = re.compile(r"cw-play-(\d+)-\w+")


@contextmanager
def scratch_folder() -> Iterator[str]:
    """Lend a folder for one play; its name tells the process that it belongs to."""
    end_orphans()
    with tempfile.TemporaryDirectory(prefix=f"cw-play-{os.getpid()}-") as folder:
        yield folder


def end_orphans() -> None:
    """End the plays of processes that are no more, and remove their folders."""
    for folder in Path(tempfile.gettempdir()).iterdir():
        owner = FOLDER.fullmatch(folder.name)
        if owner and not _runs(int(owner[1])):
            end_processes_of(str(folder))
            shutil.rmtree(folder, ignore_errors=True)


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
