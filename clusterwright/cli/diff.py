"""`clusterwright diff`."""

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from clusterwright.cli.arguments import Json
from clusterwright.cli.difference import print_difference
from clusterwright.cli.site import open_site
from clusterwright.design.difference import KEEP, compare, find_renumbered
from clusterwright.render.difference import render_difference

app = typer.Typer(add_completion=False)

Old = Annotated[str, typer.Argument(metavar="OLD", help="The site as it stands: name or path.")]
New = Annotated[str, typer.Argument(metavar="NEW", help="The site as it shall be: name or path.")]
Keep = Annotated[
    float,
    typer.Option(min=0, max=1, help="Part of its links upwards that every switch keeps meanwhile."),
]


@app.command()
def diff(old: Old, new: New, keep: Keep = KEEP, *, as_json: Json = False) -> None:
    """List what to buy, pull and move to make one site of another, and in which order."""
    before, after = open_site(old), open_site(new)
    advice = tuple(find_renumbered(before.loaded, after.loaded))
    difference = replace(compare(before.plan, after.plan, keep), advice=advice)
    if as_json:
        typer.echo(render_difference(difference), nl=False)
    else:
        print_difference(difference, Console())
