"""Clean up after a run that died: its lock, and the creations it did not finish."""

import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clusterwright.errors import OperationError
from clusterwright.operate.engine import run_pulumi
from clusterwright.operate.state_file import folder_of

PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who holds a stack, as the engine writes it into a file backend."""

    file: Path
    process: int
    user: str
    host: str
    since: str


def locks_of(stack: str, backend_url: str) -> tuple[Lock, ...]:
    """Return the locks on `stack`; of other backends than files nothing is known beforehand."""
    folder = folder_of(backend_url)
    if folder is None:
        return ()
    files = sorted((folder / "locks").glob(f"**/{stack}/*.json"))
    return tuple(read_lock(file) for file in files)


def read_lock(file: Path) -> Lock:
    """Parse one lock. One that was cut off while it was written is nobody's: process 0."""
    try:
        said = json.loads(file.read_text())
    except ValueError:
        said = {}
    return Lock(
        file=file,
        process=said.get("pid", 0),
        user=said.get("username", "?"),
        host=said.get("hostname", socket.gethostname()),
        since=said.get("timestamp", "?"),
    )


def is_dead(lock: Lock, processes: Path = PROCESSES) -> bool:
    """Whether the holder is provably gone: it ran here, and its process is no engine now."""
    if lock.host != socket.gethostname():
        return False
    try:
        return (processes / str(lock.process) / "comm").read_text().strip() != "pulumi"
    except OSError:
        return True


def break_dead_locks(stack: str, variables: Mapping[str, str]) -> tuple[Lock, ...]:
    """Remove the locks of runs that died, and return them.

    Raises:
        OperationError: somebody holds the stack who is, or may be, alive.
    """
    locks = locks_of(stack, variables["PULUMI_BACKEND_URL"])
    refuse_the_living(stack, locks)
    for lock in locks:
        # What `pulumi cancel` does, which fails where the run died before there was a stack.
        lock.file.unlink(missing_ok=True)
        lock.file.with_name(f"{lock.file.name}.attrs").unlink(missing_ok=True)
    return locks


def refuse_the_living(stack: str, locks: Sequence[Lock]) -> None:
    alive = next((lock for lock in locks if not is_dead(lock)), None)
    if alive is None:
        return
    here = alive.host == socket.gethostname()
    rule = "is still running" if here else "cannot be looked at from here"
    remedy = (
        f"wait for it, or stop it with `kill -INT {alive.process}`"
        if here
        else f"look there, and if it is gone, run `pulumi cancel --stack {stack}`"
    )
    raise OperationError(
        f"stack {stack}: process {alive.process} of {alive.user} on {alive.host} holds it since "
        f"{alive.since} and {rule}: {remedy}"
    )


def clear_pending_creations(stack: str, state: str, variables: Mapping[str, str]) -> int:
    """Forget the operations that a dead run left open; return how many there were.

    Nothing is lost: Create adopts what such an operation has already made.
    """
    document = json.loads(state)
    deployment = document.get("deployment") or {}
    pending = deployment.pop("pending_operations", None) or []
    if pending:
        file = Path(variables["PULUMI_HOME"]) / f"state-of-{stack}-{os.getpid()}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            file.write_text(json.dumps(document))
            run_pulumi(["stack", "import", "--stack", stack, "--file", str(file)], variables)
        finally:
            file.unlink(missing_ok=True)
    return len(pending)
