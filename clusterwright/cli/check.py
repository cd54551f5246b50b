"""`clusterwright check`."""

import typer
from rich.console import Console

from clusterwright.cli.arguments import Site
from clusterwright.cli.site import open_site
from clusterwright.cli.summary import summarise

app = typer.Typer(add_completion=False)


@app.command()
def check(site: Site) -> None:
    """Load and design a definition; print every mistake."""
    summarise(open_site(site).plan, Console())
