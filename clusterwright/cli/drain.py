"""`clusterwright drain`."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from clusterwright.access.occupancy import Occupancy, look
from clusterwright.cli.arguments import Site
from clusterwright.cli.live_site import enter_site
from clusterwright.cli.site import OpenSite
from clusterwright.design.plan import Node
from clusterwright.operate.drain import Result, drain, nodes_named, undo
from clusterwright.verify.report import Report, join_reports
from clusterwright.verify.site import verify

app = typer.Typer(add_completion=False)


@app.command()
def drain_nodes(
    site: Site,
    nodes: Annotated[list[str], typer.Argument(metavar="NODE…", help="Nodes of the site.")],
    *,
    back: Annotated[
        bool, typer.Option("--undo", help="Back into service, where every check of it passes.")
    ] = False,
) -> None:
    """Take nodes out of service: from then on they may be reset and cut."""
    opened = enter_site(site)
    nodes_named(opened.plan, nodes)
    results = asyncio.run(_undo(opened, nodes) if back else _drain(opened, nodes))
    for one in results:
        typer.echo(one.sentence, err=one.refused)
    _tell_scheduler(results, back=back)
    raise typer.Exit(1 if any(one.refused for one in results) else 0)


async def _drain(opened: OpenSite, nodes: Sequence[str]) -> tuple[Result, ...]:
    user = opened.plan.software.ssh_user

    async def seen(node: Node) -> Occupancy:
        return await look(opened.folder, str(node.address), user)

    return await drain(opened.folder.record, opened.plan, nodes, seen)


async def _undo(opened: OpenSite, nodes: Sequence[str]) -> tuple[Result, ...]:
    racks = sorted({one.mount.rack for one in nodes_named(opened.plan, nodes)})

    async def verified() -> Report:
        reports = [await verify(opened.folder, opened.plan, rack) for rack in racks]
        return join_reports(opened.plan.site, reports)

    return await undo(opened.folder.record, opened.plan, nodes, verified)


def _tell_scheduler(results: Sequence[Result], *, back: bool) -> None:
    """The definition has no scheduler that could be told."""
    if changed := ", ".join(one.node for one in results if one.changed):
        what = f"let it use {changed} again" if back else f"let it start no job on {changed}"
        typer.echo(f"to do  scheduler: clusterwright knows of none at this site: {what}")
