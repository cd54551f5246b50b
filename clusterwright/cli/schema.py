"""`clusterwright schema`."""

from pathlib import Path
from typing import Annotated

import typer

from clusterwright.cli.written import write_files
from clusterwright.render.schemas import render_schemas
from clusterwright.site_folder import PROJECT

app = typer.Typer(add_completion=False)


@app.command()
def schema(
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = PROJECT / "schemas",
) -> None:
    """Write the JSON Schemas of definition, record, catalogue and plan."""
    for written in write_files(render_schemas(), out):
        typer.echo(written)
