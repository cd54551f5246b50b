"""Arguments and options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

Site = Annotated[
    str, typer.Argument(metavar="SITE", help="A name under inventory/, or a definition's path.")
]
Layer = Annotated[str | None, typer.Option(help="Only this layer: facility or hosts.")]
Rack = Annotated[str | None, typer.Option(help="Only this rack.")]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Write the report to this file as JSON, too.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
