"""What a play did, or would do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChange:
    """One thing on one host that a task changed, or in check mode would change.

    `before` is the actual and `after` the declared state, each of a few lines at most; empty means
    that there is nothing, as where a file is gone. `item` names the file, package, unit or GPU.
    """

    host: str
    task: str
    role: str
    before: str
    after: str
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailure:
    """A task that failed, with the module's own words."""

    host: str
    task: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayResult:
    """The outcome of one play on some hosts.

    `ok` means that every host was reached, and the play's end on it without a failed task.
    `unfinished` hosts had no failure of their own: Ansible ended before it was through with them.
    `pending` differs from what is declared, but may not be changed now: a reboot that is not
    allowed, a GPU in use.
    """

    ok: bool
    changed: int
    changes: tuple[TaskChange, ...]
    unreachable: tuple[str, ...]
    failures: tuple[TaskFailure, ...]
    pending: tuple[TaskChange, ...] = ()
    unfinished: tuple[str, ...] = ()
