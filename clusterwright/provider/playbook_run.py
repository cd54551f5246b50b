"""PlaybookRun: one playbook on the hosts of one rack. Its Read is a check-mode run."""

from pydantic import Field

from clusterwright.access import ansible
from clusterwright.access.ansible import PlayResult, TaskChange
from clusterwright.access.guard import Difference
from clusterwright.errors import HostError, UsageError
from clusterwright.provider.inputs import Inputs
from clusterwright.provider.kind import Kind, Live
from clusterwright.provider.progress import Progress
from clusterwright.provider.site import Site

CHANGES_NAMED = 3
NOT_RUN = "imported: not run yet"


class PlaybookRunInputs(Inputs):
    """A playbook and the hosts that shall be as it leaves them."""

    playbook: str = Field(min_length=1)
    """File name under playbooks/."""

    rack: str = Field(min_length=1)
    hosts: list[str] = Field(min_length=1)
    digest: str = Field(min_length=1)
    """Covers the playbook, its roles, their variables and the hosts; a new one plays again."""


async def _apply(
    site: Site, inputs: PlaybookRunInputs, progress: Progress
) -> tuple[Difference, ...]:
    result = await _play(site, inputs, progress, check=False)
    progress.tick(f"{result.changed} changed")
    return tuple(_difference(change) for change in result.pending)


async def _read(
    site: Site, identifier: str, inputs: PlaybookRunInputs | None, progress: Progress
) -> Live[PlaybookRunInputs]:
    known = inputs or await _imported(site, identifier)
    result = await _play(site, known, progress, check=True)
    waiting = frozenset(_difference(change).path for change in result.pending)
    if not result.changed:
        return Live(inputs=known, open_paths=waiting)
    return Live(inputs=known.model_copy(update={"digest": _drift(result)}), open_paths=waiting)


async def _play(
    site: Site, inputs: PlaybookRunInputs, progress: Progress, *, check: bool
) -> PlayResult:
    async with site.play(inputs.rack):
        progress.tick(f"{'checking' if check else 'playing'} {inputs.playbook}")
        result = await ansible.run_play(
            site.folder,
            inputs.playbook,
            inputs.hosts,
            check=check,
            on_progress=progress.tick,
            cancel=progress.cancelled,
        )
    if not result.ok:
        raise HostError(_wrong(inputs, result))
    return result


async def _imported(site: Site, identifier: str) -> PlaybookRunInputs:
    playbook, _, rack = identifier.partition("@")
    plan = await site.plan()
    hosts = [host.name for host in plan.hosts if host.mount.rack == rack]
    if not (playbook and hosts):
        racks = ", ".join(known.name for known in plan.racks)
        raise UsageError(
            f"id {identifier}: is not PLAYBOOK@RACK with a rack that has hosts; "
            f"give one such as site.yml@{racks.split(', ', maxsplit=1)[0]} (racks: {racks})"
        )
    return PlaybookRunInputs(playbook=playbook, rack=rack, hosts=hosts, digest=NOT_RUN)


def _wrong(inputs: PlaybookRunInputs, result: PlayResult) -> str:
    failed = [f"{f.host}: task {f.task} failed: {f.message}" for f in result.failures]
    silent = [f"{host}: no login over SSH" for host in result.unreachable]
    cut = [f"{host}: the play did not reach its end" for host in result.unfinished]
    return (
        f"{inputs.playbook} on rack {inputs.rack}: {'; '.join(failed + silent + cut)}; "
        "correct that and run clusterwright up again, which plays from the start"
    )


def _drift(result: PlayResult) -> str:
    named = [f"{change.host}: {change.task}" for change in result.changes[:CHANGES_NAMED]]
    left = ", ..." if result.changed > CHANGES_NAMED else ""
    noun = "change" if result.changed == 1 else "changes"
    return f"drift: {result.changed} {noun}: {', '.join(named)}{left}"


def _difference(change: TaskChange) -> Difference:
    return Difference(
        path=f"{change.host}: {change.item or change.task}",
        expected=change.after,
        actual=change.before,
        pending=True,
        remedy="drain the node, or permit the disruption in maintenance.allow, and run up again",
    )


PLAYBOOK_RUN = Kind(
    type_name="clusterwright:hosts:PlaybookRun",
    model=PlaybookRunInputs,
    identity=("playbook", "rack"),
    identify=lambda inputs: f"{inputs.playbook}@{inputs.rack}",
    consequence=lambda _inputs, _changed: "",
    apply=_apply,
    read=_read,
)
