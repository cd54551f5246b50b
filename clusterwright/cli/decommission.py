"""`clusterwright decommission`."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from clusterwright.cli.arguments import Site
from clusterwright.cli.live_site import enter_site
from clusterwright.cli.site import OpenSite
from clusterwright.design import design
from clusterwright.errors import UsageError
from clusterwright.load import load_site
from clusterwright.operate.decommission.cancel import cancel
from clusterwright.operate.decommission.run import Left, decommission_all, has_gone, survey, vouch
from clusterwright.operate.decommission.steps import BY_HAND
from clusterwright.operate.decommission.task import Task
from clusterwright.operate.decommission.who import who_may_leave
from clusterwright.operate.rack.doors import Doors
from clusterwright.record_file import read_record

app = typer.Typer(add_completion=False)

Surveys = Mapping[str, tuple[Left, ...]]
Names = Annotated[
    list[str],
    typer.Argument(metavar="NAME…", help="Nodes that are not in service, PDUs, CDUs, switches."),
]


@app.command()
def decommission_nodes(  # noqa: PLR0913 - each is an option of the command
    site: Site,
    names: Names,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look, and say what would be destroyed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by_hand: Annotated[
        str, typer.Option(metavar="STEP", help=f"Somebody has done it: {', '.join(BY_HAND)}.")
    ] = "",
    give_up: Annotated[
        bool, typer.Option("--cancel", help="It stays: what has begun is given up.")
    ] = False,
    by: Annotated[str, typer.Option(help="Who has done it, and vouches for it.")] = "",
) -> None:
    """Take devices out for good: erased, handed over, switched off, their names released."""
    opened = enter_site(site)
    tasks = _tasks(_with_the_leaving(opened, names), names)
    if give_up:
        for task in tasks:
            asyncio.run(cancel(task))
            typer.echo(
                f"{task.name}: stays, and is new again: bring it up and prove it: "
                f"clusterwright rack {site} {task.device.racks[0]}"
            )
        return
    if by_hand:
        for task in tasks:
            asyncio.run(vouch(task, by_hand, by))
            typer.echo(f"{task.name}: {by_hand}: done by {by}, by the record")
        return
    found = {task.name: asyncio.run(survey(task)) for task in tasks}
    _tell(found)
    if dry_run:
        return
    if not yes:
        _ask(opened.plan.site, [task.name for task in tasks])
    remaining = asyncio.run(decommission_all(tasks))
    _sum_up(site, remaining)
    raise typer.Exit(1 if any(remaining.values()) else 0)


def _with_the_leaving(opened: OpenSite, names: Sequence[str]) -> OpenSite:
    """Return the plan in which those still stand that have not wholly gone."""
    record = read_record(opened.folder.record)
    standing = [name for name in names if name in record.leaving and not has_gone(record, name)]
    if not standing:
        return opened
    return replace(opened, plan=design(load_site(opened.folder, standing=standing)))


def _tasks(opened: OpenSite, names: Sequence[str]) -> list[Task]:
    record = read_record(opened.folder.record)
    gone = [name for name in names if has_gone(record, name)]
    for name in gone:
        typer.echo(f"{name}: has gone already, on {record.leaving[name].done}")
    left = [name for name in names if name not in gone]
    leavers = who_may_leave(opened.plan, left)
    if not leavers:
        return []
    doors = Doors(opened.folder)
    return [
        Task(folder=opened.folder, plan=opened.plan, device=one, doors=doors, note=typer.echo)
        for one in leavers
    ]


def _tell(found: Surveys) -> None:
    for name, lefts in found.items():
        typer.echo(f"{name}:")
        for left in lefts:
            for sentence in left.sentences:
                typer.echo(f"  {left.step}: {sentence}")
            if left.why:
                typer.echo(f"  {left.step}: not known: {left.why}")


def _ask(site: str, names: Sequence[str]) -> None:
    if names and not sys.stdin.isatty():
        raise UsageError(
            f"decommission {site}: nobody is there to be asked: say --yes, or use a terminal"
        )
    for name in names:
        typed = typer.prompt(f"Type {name} to destroy all of this now", default="")
        if typed != name:
            raise UsageError(f"decommission {site}: '{typed}' was typed: nothing was destroyed")


def _sum_up(site: str, remaining: Surveys) -> None:
    for name, lefts in remaining.items():
        for left in lefts:
            typer.echo(f"{name}: remains: {left}", err=True)
        if not lefts:
            typer.echo(f"{name}: has gone")
    if gone := [name for name, lefts in remaining.items() if not lefts]:
        typer.echo(f"to do  scheduler and subnet manager: take {', '.join(gone)} out of them")
        typer.echo(f"to do  DHCP and the address list: clusterwright plan {site}")
        typer.echo(f"to do  the stack's state: clusterwright up {site}")
