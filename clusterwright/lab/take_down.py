"""End a lab, whatever state it is in, and remove all of it."""

import contextlib
import os
import shutil
import signal
import time

from clusterwright.errors import OperationError
from clusterwright.lab import cgroup, inotify, namespace
from clusterwright.lab.instance import Lab, state_home

GRACE_S = 3.0


def take_down(lab: Lab) -> None:
    """End the lab's processes and remove what it has made; nothing to do is no error."""
    if namespace.inside(lab.namespace):
        raise OperationError(
            f"lab {lab.site}: cannot be taken down from inside its own network; "
            "leave the lab's shell first"
        )
    cgroup.kill(lab.cgroup)
    _end_visitors(lab)
    cgroup.remove(lab.cgroup)
    inotify.give_room_back(lab.cgroup.parent)
    namespace.remove(lab.namespace)
    lab.stack_config.unlink(missing_ok=True)
    if lab.state.exists():
        shutil.rmtree(lab.state)
    _remove_empty_folders(lab)


def _end_visitors(lab: Lab) -> None:
    """End what runs in the lab's network by `lab exec` or `lab shell`: first asked, then forced."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline_s = time.monotonic() + GRACE_S
        visitors = namespace.members(lab.namespace)
        for pid in visitors:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while visitors and time.monotonic() < deadline_s:
            time.sleep(0.05)
            visitors = namespace.members(lab.namespace)


def _remove_empty_folders(lab: Lab) -> None:
    folders = [lab.state.parent]
    if "CLUSTERWRIGHT_STATE_HOME" not in os.environ:
        folders.append(state_home())
    with contextlib.suppress(OSError):
        for folder in folders:
            folder.rmdir()
