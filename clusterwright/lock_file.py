"""One writer at a time, of all processes on this machine."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clusterwright.errors import OperationError

PATIENCE_S = 60.0
_PAUSE_S = 0.02


@contextmanager
def alone_with(file: Path, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the right to change `file`; whoever dies gives it back.

    The lock is a file of its own beside it, which stays: the file itself is replaced at every
    change, and a lock on it would be one on what it was.

    Raises:
        OperationError: another process has held it for longer than `patience_s`.
    """
    lock = file.with_name(f".{file.name}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        deadline_s = time.monotonic() + patience_s
        while not _taken(handle.fileno()):
            if time.monotonic() > deadline_s:
                raise OperationError(
                    f"{file}: another command has been changing it for {patience_s:g} s: wait for "
                    f"it to end, or find it with: fuser {lock}"
                )
            time.sleep(_PAUSE_S)
        yield


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
