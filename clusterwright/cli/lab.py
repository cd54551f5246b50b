"""`clusterwright lab`: the emulated site."""

import json
import os
import shlex
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.errors import ClusterwrightError, OperationError, ToolError
from clusterwright.lab import control
from clusterwright.lab.bring_up import bring_up
from clusterwright.lab.instance import Lab, find_lab
from clusterwright.lab.out_of_band.wiring import wiring_of
from clusterwright.lab.packing_list import manifest_of
from clusterwright.lab.requirements import require_linux_root
from clusterwright.lab.status import status_of_absent
from clusterwright.lab.take_down import take_down
from clusterwright.lab.unprovable import ABSENT, GATES, REASONS, surprises
from clusterwright.load import load_site
from clusterwright.operate.environment import environment
from clusterwright.operate.stack import ensure_stack
from clusterwright.render import LIVE, render
from clusterwright.site_folder import find_site

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The emulated site on this machine."
)
faults = typer.Typer(no_args_is_help=True, help="Break something in the lab, and mend it.")
app.add_typer(faults, name="fault")

Site = Annotated[
    str, typer.Option("--site", help="Name of the site, or the path of its definition.")
]
FaultName = Annotated[str, typer.Argument(help="What breaks, for example pump-lost.")]
Subject = Annotated[str, typer.Argument(help="Where, for example cdu1.")]
EXCHANGE_S = 120.0
"""A host that is pulled out may take its time to end."""


@app.command()
def up(
    *,
    site: Site = "lab",
    commissioned: Annotated[
        bool,
        typer.Option("--commissioned", help="Delivered, taken in and met already: outlets are on."),
    ] = False,
) -> None:
    """Bring the lab up from nothing, as a dock: its devices delivered, and everything dark."""
    definition = find_site(site)
    plan = design(load_site(definition))
    started_s = time.monotonic()
    console = Console(stderr=True)
    with console.status(f"lab {plan.site}") as spinner:

        def say(step: str, detail: str = "") -> None:
            spinner.update(f"lab {plan.site}: {step}{detail and ': '}{detail}")
            if not detail:
                console.print(f"{time.monotonic() - started_s:6.1f} s  {step}", highlight=False)

        lab = find_lab(plan)
        bring_up(lab, definition, plan, render(plan, LIVE), say, commissioned=commissioned)
        say("an empty Pulumi stack")
        _make_stack(lab, plan)
    following = (
        f"clusterwright up {site}"
        if commissioned
        else f"clusterwright lab manifest --site {site} > delivery.csv, then "
        f"clusterwright intake {site} delivery.csv"
    )
    console.print(
        f"{time.monotonic() - started_s:6.1f} s  lab {plan.site} is up; "
        f"next: {following}, or clusterwright lab shell --site {plan.site}",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def down(site: Site = "lab") -> None:
    """End the lab and remove all of it. The caches stay."""
    require_linux_root("lab down")
    lab = _lab(site) if _is_path(site) else find_lab(site)
    console = Console(stderr=True)
    there = lab.leftovers()
    with console.status(f"lab {lab.site}: taking it down"):
        take_down(lab)
    console.print(f"lab {lab.site}: {'removed' if there else 'was not there'}")


@app.command()
def status(
    *,
    site: Site = "lab",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Say whether the lab is up, and how to reach it."""
    require_linux_root("lab status")
    lab = _lab(site)
    document = (
        control.ask(lab.control_socket, {"do": "status"}) if lab.is_up() else status_of_absent(lab)
    )
    if as_json:
        typer.echo(json.dumps(document, indent=1))
    else:
        _print_status(lab, document)


@app.command()
def shell(site: Site = "lab") -> None:
    """Open a shell in the lab's network; leave it with exit."""
    lab = _lab(site)
    Console(stderr=True).print(f"in the network of lab {lab.site}; leave it with exit")
    # Debian's bash shows it in front of its prompt.
    os.environ.setdefault("debian_chroot", f"lab {lab.site}")
    _become(lab, [os.environ.get("SHELL") or "/bin/bash"])


@app.command(name="exec")
def execute(
    command: Annotated[list[str], typer.Argument(help="The command, after --.")],
    site: Site = "lab",
) -> None:
    """Run a command in the lab's network; its exit code is ours."""
    _become(_lab(site), command)


@app.command()
def manifest(site: Site = "lab") -> None:
    """Print what came with the lab's devices, as a vendor's CSV: passwords, too."""
    lab = _lab(site)
    if not lab.folder.definition.exists():
        raise OperationError(
            f"lab {lab.site}: is not up; bring it up with: clusterwright lab up --site {site}"
        )
    typer.echo(manifest_of(lab), nl=False)


@app.command()
def replace(
    name: Annotated[str, typer.Argument(help="A node, PDU, CDU or power shelf.")],
    site: Site = "lab",
) -> None:
    """Put another machine in the place of one, new from its factory; print what came with it."""
    require_linux_root("lab replace")
    lab = _lab(site)
    request = {"do": "replace", "subject": name}
    control.ask(lab.control_socket, request, patience_s=EXCHANGE_S)
    typer.echo(manifest_of(lab, name), nl=False)


@app.command()
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
    lab = _lab(site)
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


@faults.command()
def inject(name: FaultName, subject: Subject, site: Site = "lab") -> None:
    """Break one thing."""
    _set_fault(site, name, subject, active=True)


@faults.command()
def clear(name: FaultName, subject: Subject, site: Site = "lab") -> None:
    """Mend what `inject` broke."""
    _set_fault(site, name, subject, active=False)


def _lab(site: str) -> Lab:
    """The lab of `site`, found without its definition where a name is given: that may be broken."""
    if _is_path(site):
        return find_lab(load_site(find_site(site)).site.site)
    lab = find_lab(site)
    if not lab.leftovers():
        find_site(site)
    return lab


def _is_path(site: str) -> bool:
    return "/" in site or Path(site).is_file()


def _set_fault(site: str, name: str, subject: str, *, active: bool) -> None:
    require_linux_root("lab fault")
    request = {"do": "fault", "name": name, "subject": subject, "active": active}
    control.ask(_lab(site).control_socket, request)


def _become(lab: Lab, command: list[str]) -> None:
    """Replace this process by `command`, in the lab's network and with its environment."""
    require_linux_root("lab exec")
    lab.enter()
    os.environ.update(lab.environment())
    os.environ.update(_tools(lab))
    try:
        os.execvp(command[0], command)  # noqa: S606 - the operator's own command, as they wrote it
    except OSError as error:
        raise OperationError(f"{shlex.join(command)}: cannot be run ({error.strerror})") from error


def _make_stack(lab: Lab, plan: SitePlan) -> None:
    """So that plain `pulumi up` works in the lab from the beginning."""
    variables = {**os.environ, **lab.environment()}
    try:
        ensure_stack(lab.folder, plan, variables | environment(lab.folder, plan, variables))
    except ToolError as error:
        typer.echo(f"lab {lab.site}: it has no Pulumi stack yet: {error}", err=True)


def _tools(lab: Lab) -> dict[str, str]:
    try:
        return environment(lab.folder, lab.read_plan())
    except ClusterwrightError:
        # Without Pulumi's command line the lab's network is still there to look into.
        return {}


def _print_status(lab: Lab, document: dict[str, Any]) -> None:
    console = Console()
    if not document["up"]:
        console.print(f"lab {lab.site}: not up")
        for trace in lab.leftovers():
            console.print(f"  left over: {trace}")
        return
    running = control.ask(lab.control_socket, {"do": "hosts"})
    console.print(f"lab {lab.site}: up; its supervisor writes to {lab.log}", soft_wrap=True)
    table = Table("host", "address", "power")
    for host in document["hosts"]:
        power = "on" if running[host["name"]] else "off"
        table.add_row(host["name"], host["address"], power)
    console.print(table)
    table = Table("controller", "kind", "Redfish")
    for service in document["redfish"]:
        table.add_row(service["subject"], service["kind"], service["url"])
    console.print(table)
    for fault in document["faults"]:
        if fault["active"]:
            console.print(f"fault {fault['name']} on {fault['subject']}")
