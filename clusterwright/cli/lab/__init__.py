"""`clusterwright lab`: the emulated site."""

import os
import shlex
import time
from typing import Annotated

import typer
from rich.console import Console

from clusterwright.cli.lab.devices import faults, print_manifest, replace
from clusterwright.cli.lab.named import Site, is_path, named_lab
from clusterwright.cli.lab.status import show_status
from clusterwright.cli.lab.verdict import judge
from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.errors import ClusterwrightError, OperationError, ToolError
from clusterwright.lab import control
from clusterwright.lab.bring_up import bring_up
from clusterwright.lab.instance import Lab, find_lab
from clusterwright.lab.requirements import require_linux_root
from clusterwright.lab.take_down import take_down
from clusterwright.load import load_site
from clusterwright.operate.environment import environment
from clusterwright.operate.stack import ensure_stack
from clusterwright.render import LIVE, render
from clusterwright.site_folder import find_site

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The emulated site on this machine."
)


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
    lab = named_lab(site) if is_path(site) else find_lab(site)
    console = Console(stderr=True)
    there = lab.leftovers()
    with console.status(f"lab {lab.site}: taking it down"):
        take_down(lab)
    console.print(f"lab {lab.site}: {'removed' if there else 'was not there'}")


@app.command()
def shell(site: Site = "lab") -> None:
    """Open a shell in the lab's network; leave it with exit."""
    lab = named_lab(site)
    lab.require_up()
    # Who looks around needs the passwords of today: being asked, the supervisor writes them.
    control.ask(lab.control_socket, {"do": "status"})
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
    _become(named_lab(site), command)


app.command(name="status")(show_status)
app.command(name="manifest")(print_manifest)
app.command()(replace)
app.command()(judge)
app.add_typer(faults, name="fault")


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
