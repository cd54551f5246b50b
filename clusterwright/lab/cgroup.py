"""Control groups: what the lab starts is in one, so that it can be ended to the last process."""

import contextlib
import errno
import os
import signal
import time
from pathlib import Path

from clusterwright.errors import OperationError

MOUNTS = Path("/proc/self/mounts")
PATIENCE_S = 60.0


def lab_cgroup(site: str) -> Path:
    """The control group of one lab, in the machine's cgroup2 hierarchy.

    Raises:
        OperationError: no cgroup2 is mounted.
    """
    for line in MOUNTS.read_text().splitlines():
        _, folder, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(folder) / f"cw-{site}"
    raise OperationError(
        "cgroup2: is not mounted, and the lab's hosts need it; "
        "mount it with: mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified"
    )


def claim(group: Path) -> None:
    """Make the group; whoever makes it owns the lab, even if two come up at the same time.

    Raises:
        OperationError: it is there already, or cannot be made.
    """
    try:
        group.mkdir()
    except OSError as error:
        raise OperationError(
            f"control group {group}: cannot be made ({error.strerror}); "
            "see whether another `lab up` is at work, and whether root may write there"
        ) from error


def join(group: Path) -> None:
    """Move this process into `group`, which is made if it is not there."""
    group.mkdir(exist_ok=True)
    (group / "cgroup.procs").write_text(str(os.getpid()))


def populated(group: Path) -> bool:
    """Whether any process is in the group or below it."""
    try:
        return "populated 1" in (group / "cgroup.events").read_text()
    except OSError:
        return False


def kill(group: Path) -> None:
    """End every process in the group and below it; return when they are gone.

    Raises:
        OperationError: some process does not end.
    """
    deadline_s = time.monotonic() + PATIENCE_S
    while populated(group):
        _signal(group)
        if time.monotonic() > deadline_s:
            raise OperationError(
                f"control group {group}: processes {_processes(group)} do not end; "
                "look at what they wait for in /proc/PID/stack"
            )
        time.sleep(0.02)


def remove(group: Path) -> None:
    """Remove the group and those below it; the caller has ended the processes in it."""
    if not group.is_dir():
        return
    for folder, _, _ in os.walk(group, topdown=False):
        _remove_empty(Path(folder))


def _signal(group: Path) -> None:
    try:
        (group / "cgroup.kill").write_text("1")
    except FileNotFoundError:
        # Kernels before 5.14 have no cgroup.kill.
        for process in _processes(group):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _processes(group: Path) -> list[int]:
    return [int(pid) for file in group.rglob("cgroup.procs") for pid in file.read_text().split()]


def _remove_empty(group: Path) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return group.rmdir()
        except FileNotFoundError:
            return None
        except OSError as error:
            # The kernel keeps a group busy for a moment after its last process has ended.
            if error.errno != errno.EBUSY or time.monotonic() > deadline_s:
                raise
        time.sleep(0.01)
