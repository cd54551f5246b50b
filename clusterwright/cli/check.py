"""`clusterwright check`."""

import json
from dataclasses import asdict

import typer
from rich.console import Console

from clusterwright.cli.arguments import Json, Site
from clusterwright.cli.site import open_site
from clusterwright.cli.summary import summarise
from clusterwright.design.plan import SitePlan
from clusterwright.errors import DefinitionError

app = typer.Typer()


@app.command()
def check(site: Site, *, as_json: Json = False) -> None:
    """Load and design a definition; print every mistake."""
    if not as_json:
        summarise(open_site(site).plan, Console())
        return
    try:
        _print(_open_ends(open_site(site).plan))
    except DefinitionError as error:
        _print({"mistakes": [asdict(mistake) for mistake in error.mistakes]})
        raise typer.Exit(error.exit_code) from error


def _open_ends(plan: SitePlan) -> dict[str, object]:
    """Return what is to be told of a site that can be built."""
    return {
        "mistakes": [],
        "nearly_reached": [asdict(usage) for usage in plan.warnings],
        "not_proven": [asdict(one) for one in plan.unproven],
    }


def _print(document: dict[str, object]) -> None:
    typer.echo(json.dumps(document, indent=1, ensure_ascii=False))
