"""`clusterwright rack`."""

from typing import Annotated

import typer

from clusterwright.cli.arguments import Json, Site
from clusterwright.cli.bring_up import DryRun, From, Until, run
from clusterwright.operate.rack.bring_up import Order

app = typer.Typer(add_completion=False)


@app.command()
def rack(  # noqa: PLR0913 - the options of the command line
    site: Site,
    name: Annotated[str, typer.Argument(metavar="RACK", help="Name of the rack.")],
    since: From = None,
    until: Until = None,
    *,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Bring one rack into service, step by step; it can be stopped anywhere, and repeated."""
    order = Order(racks=(name,), since=since, until=until, dry_run=dry_run)
    run(site, lambda _: order, as_json=as_json)
