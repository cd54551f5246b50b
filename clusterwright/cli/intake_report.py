"""What intake has done, for people."""

from collections.abc import Iterable
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from clusterwright.design.plan import SitePlan
from clusterwright.operate.intake.consequences import done, to_do
from clusterwright.operate.intake.outcome import Outcome
from clusterwright.operate.intake.replace import Replacement
from clusterwright.operate.intake.show import Delivered, Overview, by_rack
from clusterwright.operate.intake.take_in import said_of


def print_outcome(file: Path, outcome: Outcome, site: str) -> None:
    """Say of each device where it belongs; what is wrong goes to stderr."""
    for match in outcome.matches:
        typer.echo(f"{match.item.serial}  {match.place}  by {match.by}")
    for sentence in said_of(file, outcome.complaints, outcome.to_come):
        typer.echo(sentence, err=True)
    typer.echo(f"{len(outcome.matches)} of {file} are in the record of {site}")


def print_replacement(site: str, plan: SitePlan, replacement: Replacement) -> None:
    """Say what has been done, and who else must learn of it."""
    for sentence in done(replacement):
        typer.echo(f"done   {sentence}")
    for sentence in to_do(site, plan, replacement):
        typer.echo(f"to do  {sentence}")


def print_overview(shown: Overview, console: Console) -> None:
    """Print a table of every rack."""
    for rack, places in by_rack(shown.places).items():
        console.print(_table(rack, places))
    for name in shown.unplanned:
        console.print(f"{name}: is in the record, but not in the plan")
    there = len(shown.places) - shown.to_come
    console.print(f"{there} of {len(shown.places)} devices delivered, {shown.to_come} to come")


def _table(rack: str, places: Iterable[Delivered]) -> Table:
    table = Table(title=f"rack {rack}", title_justify="left")
    for column in ("unit", "name", "planned", "serial", "state"):
        table.add_column(column, overflow="fold")
    for one in places:
        unit = str(one.place.mount.lowest_unit) if one.place.mount else ""
        table.add_row(unit, one.place.name, one.place.model, one.serial or "–", one.state)
    return table
