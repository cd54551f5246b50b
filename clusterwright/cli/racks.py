"""`clusterwright racks`."""

from typing import Annotated

import typer

from clusterwright.cli.arguments import Json, Site
from clusterwright.cli.bring_up import DryRun, From, Until, run
from clusterwright.operate.rack.bring_up import Order

app = typer.Typer(add_completion=False)
Parallel = Annotated[int, typer.Option("--parallel", min=1, help="How many racks at a time.")]


@app.command()
def racks(  # noqa: PLR0913 - the options of the command line
    site: Site,
    parallel: Parallel = 4,
    since: From = None,
    until: Until = None,
    *,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Bring all racks of a site into service; one that is held up delays no other."""
    run(
        site,
        lambda plan: Order(
            racks=tuple(one.name for one in plan.racks),
            since=since,
            until=until,
            dry_run=dry_run,
            at_once=parallel,
        ),
        as_json=as_json,
    )
