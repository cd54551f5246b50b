"""`clusterwright up`."""

import typer
from rich.console import Console

from clusterwright.cli.arguments import Layer, Rack, Site
from clusterwright.cli.live_site import enter_site
from clusterwright.cli.written import write_files
from clusterwright.operate.up import up as deploy
from clusterwright.render import LIVE, render

app = typer.Typer(add_completion=False)


@app.command()
def up(site: Site, layer: Layer = None, rack: Rack = None) -> None:
    """Deploy: make the live site what the plan says."""
    opened = enter_site(site)
    write_files(render(opened.plan, LIVE), opened.folder.generated)
    console = Console()
    raise typer.Exit(deploy(opened.folder, opened.plan, layer=layer, rack=rack, console=console))
