"""`clusterwright drift`."""

import asyncio

import typer

from clusterwright.cli.arguments import Json, Layer, ReportFile, Site
from clusterwright.cli.live_site import enter_site
from clusterwright.cli.report import show
from clusterwright.verify.site import drift as compare_settings

app = typer.Typer(add_completion=False)


@app.command()
def drift(
    site: Site, layer: Layer = None, report_file: ReportFile = None, *, as_json: Json = False
) -> None:
    """Ask whether the declared settings still hold."""
    opened = enter_site(site)
    report = asyncio.run(compare_settings(opened.folder, opened.plan, layer))
    show(report, report_file, as_json=as_json)
    raise typer.Exit(report.drift_exit_code())
