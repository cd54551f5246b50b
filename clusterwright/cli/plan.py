"""`clusterwright plan`."""

from pathlib import Path
from typing import Annotated

import typer

from clusterwright.cli.arguments import Site
from clusterwright.cli.site import open_site
from clusterwright.cli.written import write_files
from clusterwright.render import ARTEFACTS, choose, render

app = typer.Typer(add_completion=False)

What = Annotated[
    list[str],
    typer.Option(help="One of " + ", ".join(a.what for a in ARTEFACTS) + "; may be repeated."),
]


@app.command()
def plan(
    site: Site,
    out: Annotated[Path | None, typer.Option(help="Folder to write to.")] = None,
    what: What = [],  # noqa: B006 - typer copies it
) -> None:
    """Render everything, or what `--what` picks; print what changed against the last rendering."""
    chosen = choose(what)
    opened = open_site(site)
    folder = out or opened.folder.generated
    for written in write_files(render(opened.plan, chosen), folder):
        typer.echo(written)
