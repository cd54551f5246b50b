"""What `rack` and `racks` have in common: options, the live table, the end."""

import asyncio
import json
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from clusterwright.cli.live_site import enter_site
from clusterwright.cli.written import write_files
from clusterwright.design.plan import SitePlan
from clusterwright.operate.rack.board import Board
from clusterwright.operate.rack.bring_up import Order, bring_up, refuse_unknown
from clusterwright.operate.rack.outcome import exit_code
from clusterwright.operate.rack.report import to_document
from clusterwright.operate.rack.steps import GATES
from clusterwright.operate.rack.summary import print_summary
from clusterwright.render import LIVE, render

_STEPS = ", ".join(f"{gate.step} {gate.name}" for gate in GATES)
Until = Annotated[
    str | None, typer.Option("--until", metavar="STEP", help=f"The last step: {_STEPS}.")
]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="STEP", help="The first step; earlier ones must have been passed."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Look at every step, and touch nothing.")]


def run(site: str, order_for: Callable[[SitePlan], Order], *, as_json: bool) -> None:
    """Bring racks up, show it, and exit as the contract says."""
    opened = enter_site(site)
    order = order_for(opened.plan)
    refuse_unknown(opened.plan, order.racks)
    if not order.dry_run:
        # What was delivered meanwhile gets its address by its MAC.
        write_files(render(opened.plan, LIVE), opened.folder.generated)
    gates = order.course.chosen
    console = Console(stderr=as_json)
    with Board(opened.plan.site, order.racks, gates, console) as board:
        try:
            outcomes = asyncio.run(bring_up(opened.folder, opened.plan, order, board.hear))
        except KeyboardInterrupt:
            typer.echo("stopped; the same command goes on from here", err=True)
            raise typer.Exit(1) from None
    if as_json:
        document = to_document(opened.plan.site, outcomes)
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        reports = None if order.dry_run else opened.folder.reports
        print_summary(opened.plan.site, outcomes, gates, reports, console)
    raise typer.Exit(exit_code(outcomes))
