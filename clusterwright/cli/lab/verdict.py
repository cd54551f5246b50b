"""`clusterwright lab judge`: is what nobody could prove what a lab cannot show."""

from pathlib import Path
from typing import Annotated

import typer

from clusterwright.cli.lab.named import Site, named_lab
from clusterwright.lab.out_of_band.wiring import wiring_of
from clusterwright.lab.unprovable import ABSENT, GATES, REASONS, surprises


def judge(
    reports: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[REPORT]...",
            help="What `verify --report` wrote; those of its racks where none is given.",
        ),
    ] = None,
    site: Site = "lab",
) -> None:
    """Say whether all that reports could not prove is what a lab cannot show (exit 0, else 3)."""
    lab = named_lab(site)
    lab.require_up()
    chosen = reports or sorted(lab.folder.reports.glob("*.json"))
    switches = [] if reports else [one.name for one in wiring_of(lab.read_plan()).switches]
    surprising = [one for report in chosen for one in surprises(report.read_text(), switches)]
    for sentence in surprising:
        typer.echo(f"not proven, and a lab should show it: {sentence}")
    if surprising:
        raise typer.Exit(3)
    typer.echo("what is not proven is what a lab cannot show:")
    for (layer, check), reason in (REASONS if reports else {**GATES, **ABSENT}).items():
        typer.echo(f"  {layer}: {check}: {reason}")
