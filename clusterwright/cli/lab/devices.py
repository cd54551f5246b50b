"""What the lab's devices can be made to do: be delivered, be exchanged, break."""

from typing import Annotated

import typer

from clusterwright.cli.lab.named import Site, named_lab
from clusterwright.lab import control
from clusterwright.lab.packing_list import manifest_of
from clusterwright.lab.requirements import require_linux_root

faults = typer.Typer(no_args_is_help=True, help="Break something in the lab, and mend it.")

FaultName = Annotated[str, typer.Argument(help="What breaks, for example pump-lost.")]
Subject = Annotated[str, typer.Argument(help="Where, for example cdu1.")]
EXCHANGE_S = 120.0
"""A host that is pulled out may take its time to end."""


def print_manifest(site: Site = "lab") -> None:
    """Print what came with the lab's devices, as a vendor's CSV: passwords, too."""
    lab = named_lab(site)
    lab.require_up()
    typer.echo(manifest_of(lab), nl=False)


def replace(
    name: Annotated[str, typer.Argument(help="A node, PDU, CDU, power shelf or Ethernet switch.")],
    site: Site = "lab",
) -> None:
    """Put another machine in the place of one, new from its factory; print what came with it."""
    require_linux_root("lab replace")
    lab = named_lab(site)
    lab.require_up()
    request = {"do": "replace", "subject": name}
    answer = control.ask(lab.control_socket, request, patience_s=EXCHANGE_S)
    typer.echo(manifest_of(lab, name), nl=False)
    if key := answer.get("host_key"):
        typer.echo(
            f"its console shows its SSH host key, for known_hosts:\n{key}", nl=False, err=True
        )


@faults.command()
def inject(name: FaultName, subject: Subject, site: Site = "lab") -> None:
    """Break one thing."""
    _set_fault(site, name, subject, active=True)


@faults.command()
def clear(name: FaultName, subject: Subject, site: Site = "lab") -> None:
    """Mend what `inject` broke."""
    _set_fault(site, name, subject, active=False)


def _set_fault(site: str, name: str, subject: str, *, active: bool) -> None:
    require_linux_root("lab fault")
    request = {"do": "fault", "name": name, "subject": subject, "active": active}
    lab = named_lab(site)
    lab.require_up()
    control.ask(lab.control_socket, request)
