"""`clusterwright verify`."""

import asyncio

import typer

from clusterwright.cli.arguments import Json, Layer, Rack, ReportFile, Site
from clusterwright.cli.live_site import enter_site
from clusterwright.cli.report import show
from clusterwright.verify.site import verify as compare_behaviour

app = typer.Typer(add_completion=False)


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
    show(report, report_file, as_json=as_json)
    raise typer.Exit(report.verify_exit_code())
