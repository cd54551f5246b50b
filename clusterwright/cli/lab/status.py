"""`clusterwright lab status`: what runs, and where it answers."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from clusterwright.cli.lab.named import Site, named_lab
from clusterwright.lab import control
from clusterwright.lab.instance import Lab
from clusterwright.lab.requirements import require_linux_root
from clusterwright.lab.status import status_of_absent


def show_status(
    *,
    site: Site = "lab",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Say whether the lab is up, and how to reach it."""
    require_linux_root("lab status")
    lab = named_lab(site)
    if lab.is_up():
        lab.require_up()
    document = (
        control.ask(lab.control_socket, {"do": "status"}) if lab.is_up() else status_of_absent(lab)
    )
    if as_json:
        typer.echo(json.dumps(document, indent=1))
    else:
        _print_status(lab, document)


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
