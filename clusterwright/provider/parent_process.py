"""End with the process that started this one.

An engine that is killed leaves its plugins behind; each must notice by itself.
"""

import asyncio
import os
from collections.abc import Callable


def end_with_parent(end: Callable[[], None]) -> None:
    """Call `end` once, in the running event loop, when this process's parent is gone.

    A file descriptor of the parent becomes readable when it ends: no polling, and, unlike
    PR_SET_PDEATHSIG, no confusion when only the thread that started us ends.
    """
    loop = asyncio.get_running_loop()
    parent = os.getppid()
    try:
        descriptor = os.pidfd_open(parent)
    except ProcessLookupError:
        loop.call_soon(end)
        return

    def ended() -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        end()

    loop.add_reader(descriptor, ended)
    if os.getppid() != parent:
        loop.call_soon(end)
