"""Who writes to the stderr of a process that the engine starts, and shows to the operator."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path


@contextmanager
def own_stderr() -> Iterator[None]:
    """Leave stderr to what is written to `sys.__stderr__`, and to errors that end the process.

    gRPC's server prints a traceback for a call that its caller gave up before it had begun
    (server.pyx.pxi, `_schedule_rpc_coro`), as the engine does when it ends.
    """
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        yield
