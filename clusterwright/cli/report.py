"""What `verify` and `drift` have found, on the terminal and in a file."""

from pathlib import Path

import typer
from rich.console import Console

from clusterwright.verify.report import Report
from clusterwright.verify.terminal import print_report


def show(report: Report, file: Path | None, *, as_json: bool) -> None:
    """Print a report for people, or as one JSON document, and write it to `file` where asked."""
    if file:
        file.write_text(report.to_json() + "\n")
    if as_json:
        typer.echo(report.to_json())
    else:
        print_report(report, Console())
