"""Deploy a site: `clusterwright up`."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from rich.console import Console

from clusterwright.design.plan import SitePlan
from clusterwright.errors import OperationError
from clusterwright.operate.decommission.leaving import refuse_unfinished
from clusterwright.operate.engine import full_disk, stream_pulumi
from clusterwright.operate.environment import environment
from clusterwright.operate.lock import break_dead_locks, clear_pending_creations
from clusterwright.operate.progress import DONE, Progress
from clusterwright.operate.stack import (
    ensure_stack,
    require_backend,
    require_passphrase,
    wrong_passphrase,
)
from clusterwright.operate.state_file import repair
from clusterwright.operate.target import target_options, targets, with_gone
from clusterwright.record_file import read_record
from clusterwright.site_folder import SiteFolder

UNCHANGED = "same"


def up(
    folder: SiteFolder, plan: SitePlan, *, layer: str | None, rack: str | None, console: Console
) -> int:
    """Make the site what its plan says and return the exit code.

    Raises:
        UsageError: no passphrase or a wrong one, no such layer or rack, or a node is leaving.
        OperationError: the state cannot be written, or somebody else is at work on the stack.
    """
    names = targets(plan, layer=layer, rack=rack)
    refuse_unfinished(plan, read_record(folder.record), None if rack is None else {rack})
    require_passphrase(os.environ)
    variables = environment(folder, plan)
    require_backend(variables)
    state = recover(folder, plan, variables, console)
    return deploy(plan.site, with_gone(plan, names, state), variables, console)


def recover(
    folder: SiteFolder, plan: SitePlan, variables: Mapping[str, str], console: Console
) -> str:
    """Prepare the stack, say what a run that died has left behind, and return the state."""
    for lock in break_dead_locks(plan.site, variables):
        say(console, f"removed the lock of a run that died (process {lock.process}, {lock.since})")
    repaired = repair(plan.site, variables["PULUMI_BACKEND_URL"])
    if repaired:
        say(console, repaired)
    state = ensure_stack(folder, plan, variables)
    opened = clear_pending_creations(plan.site, state, variables)
    if opened:
        things, them = ("operation", "it") if opened == 1 else ("operations", "them")
        say(console, f"cleared {opened} {things} that a run left open; this one takes {them} up")
    return state


def deploy(
    stack: str, names: tuple[str, ...], variables: Mapping[str, str], console: Console
) -> int:
    """Run the engine, show what it does, and sum up."""
    progress = Progress(say=lambda sentence: say(console, sentence))
    code = stream_pulumi(
        up_arguments(stack, names),
        variables,
        on_line=progress.hear,
        on_interrupt=progress.interrupt,
        is_hopeless=lambda: progress.disk_full,
    )
    if progress.disk_full:
        raise full_disk(variables)
    if progress.wrong_passphrase:
        raise wrong_passphrase(stack, variables)
    if code < 0:
        raise OperationError(
            f"pulumi: the engine was killed by signal {-code} in the middle of its work: "
            "run this again, it goes on from there"
        )
    # Whoever pressed Ctrl-C reads the engine's own words and nothing else.
    if not progress.interrupted:
        sum_up(progress, frozenset(names), console)
    return 1 if code else 0


def up_arguments(stack: str, names: tuple[str, ...]) -> Sequence[str]:
    options = ("--yes", "--skip-preview", "--continue-on-error", "--json")
    return ("up", "--stack", stack, *options, *target_options(names))


def sum_up(progress: Progress, names: Collection[str], console: Console) -> None:
    """Say what changed, what may not be applied now, what failed and why, and what it held up.

    Of the last, only what was asked for: `names`, or all.
    """
    if progress.has_finished:
        say(console, f"changes: {counted(progress.changes)}")
    for subject, differences in sorted(progress.pending.items()):
        for difference in differences:
            say(console, f"pending: {subject}: {difference}")
    for subject in sorted(progress.failed | progress.errors.keys() - {""}):
        say(console, f"failed: {subject}: {progress.errors.get(subject, 'see above')}")
    for one in progress.held_up:
        if asked_for := tuple(name for name in one.names if not names or name in names):
            say(console, str(replace(one, names=asked_for)))


def counted(changes: Mapping[str, int]) -> str:
    """Return "2 created, 1 updated"; "none" where everything was as planned."""
    counts = (f"{n} {DONE.get(operation, operation)}" for operation, n in sorted(changes.items()))
    return ", ".join(count for count in counts if not count.endswith(UNCHANGED)) or "none"


def say(console: Console, sentence: str) -> None:
    """Print one plain line: names and messages may hold brackets, and none is markup."""
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
