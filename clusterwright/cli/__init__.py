"""The command line: parse, call one function, print."""

import asyncio
import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from typer.core import TyperGroup

from clusterwright.cli.lab import app as lab
from clusterwright.cli.site import enter_site, open_site
from clusterwright.cli.summary import summarise
from clusterwright.cli.written import write_files
from clusterwright.errors import ClusterwrightError
from clusterwright.operate.environment import environment
from clusterwright.operate.up import up as deploy
from clusterwright.render import ARTEFACTS, LIVE, choose, render
from clusterwright.verify.report import Report
from clusterwright.verify.site import drift as compare_settings
from clusterwright.verify.site import verify as compare_behaviour
from clusterwright.verify.terminal import print_report


class Commands(TyperGroup):
    """All commands: an error of ours is one message and an exit code, never a traceback."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's own click
        try:
            return super().invoke(ctx)
        except ClusterwrightError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(error.exit_code) from error


app = typer.Typer(
    cls=Commands,
    help="Infrastructure-as-code for AI factories: one definition from the rack to the scheduler.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(lab, name="lab", help="The emulated site on this machine.")

Site = Annotated[
    str, typer.Argument(metavar="SITE", help="A name under inventory/, or a definition's path.")
]
Layer = Annotated[str | None, typer.Option(help="Only this layer: facility or hosts.")]
Rack = Annotated[str | None, typer.Option(help="Only this rack.")]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Write the report to this file as JSON, too.")
]
What = Annotated[
    list[str],
    typer.Option(help="One of " + ", ".join(a.what for a in ARTEFACTS) + "; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@app.command()
def check(site: Site) -> None:
    """Load and design a definition; print every mistake."""
    summarise(open_site(site).plan, Console())


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


@app.command()
def up(site: Site, layer: Layer = None, rack: Rack = None) -> None:
    """Deploy: make the live site what the plan says."""
    opened = enter_site(site)
    write_files(render(opened.plan, LIVE), opened.folder.generated)
    console = Console()
    raise typer.Exit(deploy(opened.folder, opened.plan, layer=layer, rack=rack, console=console))


@app.command()
def verify(
    site: Site,
    rack: Rack = None,
    layer: Layer = None,
    report_file: ReportFile = None,
    *,
    as_json: Json = False,
) -> None:
    """Ask whether the live site works as planned."""
    opened = enter_site(site)
    report = asyncio.run(compare_behaviour(opened.folder, opened.plan, rack, layer))
    _show(report, report_file, as_json=as_json)
    raise typer.Exit(report.verify_exit_code())


@app.command()
def drift(
    site: Site, layer: Layer = None, report_file: ReportFile = None, *, as_json: Json = False
) -> None:
    """Ask whether the declared settings still hold."""
    opened = enter_site(site)
    report = asyncio.run(compare_settings(opened.folder, opened.plan, layer))
    _show(report, report_file, as_json=as_json)
    raise typer.Exit(report.drift_exit_code())


@app.command()
def env(site: Site) -> None:
    """Print the environment in which plain pulumi and ansible-playbook do the same."""
    opened = enter_site(site)
    for name, value in sorted(environment(opened.folder, opened.plan).items()):
        typer.echo(f"export {name}={shlex.quote(value)}")


def _show(report: Report, file: Path | None, *, as_json: bool) -> None:
    if file:
        file.write_text(report.to_json() + "\n")
    if as_json:
        typer.echo(report.to_json())
    else:
        print_report(report, Console())


def main() -> None:
    """Run the command that the arguments ask for, and exit."""
    app()
