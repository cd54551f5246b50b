"""`clusterwright intake`."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from clusterwright.cli.arguments import Json, Site
from clusterwright.cli.intake_report import print_outcome, print_overview, print_replacement
from clusterwright.cli.live_site import enter_site, open_live
from clusterwright.cli.site import OpenSite
from clusterwright.cli.written import write_files
from clusterwright.design import design
from clusterwright.errors import UsageError
from clusterwright.load import load_site
from clusterwright.operate.intake.clues import Ports
from clusterwright.operate.intake.ports_table import read_ports
from clusterwright.operate.intake.replace import replace_device
from clusterwright.operate.intake.show import overview, to_document
from clusterwright.operate.intake.switch_ports import ask_switches
from clusterwright.operate.intake.take_in import Manifest, take_in
from clusterwright.record_file import read_record
from clusterwright.render import LIVE, render

app = typer.Typer(add_completion=False)

File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The delivery's manifest: CSV or XLSX.")
]
ColumnNames = Annotated[
    list[str],
    typer.Option(
        "--column",
        metavar="FIELD=NAME",
        help="Which column says what: serial, model, name, rack, unit, username, password, "
        "fingerprint, mac:PORT, guid:PORT. May be repeated.",
    ),
]
ModelNames = Annotated[
    list[str],
    typer.Option(
        "--model",
        metavar="TEXT=MODEL",
        help="What the plan calls a vendor's model. May be repeated.",
    ),
]


@app.command()
def intake(  # noqa: PLR0913 - each is an option of the command
    site: Site,
    file: File = None,
    *,
    column: ColumnNames = [],  # noqa: B006 - typer copies it
    model: ModelNames = [],  # noqa: B006
    username: Annotated[str, typer.Option(help="Of factory passwords without one.")] = "",
    ports: Annotated[
        Path | None, typer.Option(help="CSV of mac, switch, port: where each MAC was seen.")
    ] = None,
    ask: Annotated[
        bool,
        typer.Option("--ask-switches", help="Ask the out-of-band switches where each MAC is."),
    ] = False,
    replace: Annotated[
        str, typer.Option(metavar="NAME", help="The one device of FILE takes over this name.")
    ] = "",
    partial: Annotated[
        bool, typer.Option("--partial", help="Take in what is right, if not all is.")
    ] = False,
    correct: Annotated[
        bool,
        typer.Option(
            "--correct", help="Devices are where FILE says, not where the record has them."
        ),
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Say what is delivered, and what is not.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Match what was delivered to the plan; keep factory passwords in the vault only."""
    if show == bool(file):
        raise UsageError("intake: give either a manifest or --show")
    if correct and partial:
        raise UsageError("intake: --correct takes in all of a manifest: leave out --partial")
    if ask and ports:
        raise UsageError("intake: either --ports says where MACs were seen, or --ask-switches")
    opened = enter_site(site) if ask else open_live(site)
    if file is None:
        _show(opened, as_json=as_json)
        return
    manifest = Manifest(
        file=file,
        columns=_pairs("column", column),
        models=_pairs("model", model),
        username=username,
        ports=_seen(opened, ports, ask=ask),
    )
    if replace:
        # What was taken out for good has left its name and its place for another.
        plan = design(load_site(opened.folder, standing=[replace]))
        replacement = replace_device(opened.folder, plan, manifest, replace)
        # Its address waits for its MAC.
        after = design(load_site(opened.folder))
        write_files(render(after, LIVE), opened.folder.generated)
        print_replacement(site, plan, replacement)
        return
    outcome = take_in(opened.folder, opened.plan, manifest, partial=partial, correct=correct)
    print_outcome(file, outcome, opened.plan.site)
    if outcome.complaints:
        raise typer.Exit(2)


def _seen(opened: OpenSite, ports: Path | None, *, ask: bool) -> Ports:
    if ask:
        return asyncio.run(ask_switches(opened.folder, opened.plan))
    return read_ports(ports) if ports else {}


def _show(opened: OpenSite, *, as_json: bool) -> None:
    record = read_record(opened.folder.record)
    shown = overview(opened.plan, record)
    if as_json:
        typer.echo(json.dumps(to_document(shown, record), indent=1, ensure_ascii=False))
    else:
        print_overview(shown, Console())


def _pairs(option: str, given: Sequence[str]) -> Mapping[str, str]:
    """Split at the last `=`: a vendor's word may have one, a name of ours has not."""
    pairs: dict[str, str] = {}
    for one in given:
        key, equals, value = one.partition("=") if option == "column" else one.rpartition("=")
        if not (equals and key and value):
            raise UsageError(f"--{option} {one}: is not of the form {_FORMS[option]}")
        pairs[key] = value
    return pairs


_FORMS = {"column": "FIELD=NAME", "model": "TEXT=MODEL"}
