"""`clusterwright power-off`."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console

from clusterwright.cli.arguments import Rack, Site
from clusterwright.cli.live_site import enter_site
from clusterwright.cli.site import open_site
from clusterwright.design.plan import SitePlan
from clusterwright.errors import UsageError
from clusterwright.operate.power_off import Done, Order, order_of, power_off
from clusterwright.verify.devices import connector

app = typer.Typer(add_completion=False)

Emergency = Annotated[
    bool, typer.Option("--emergency", help="Whatever runs, take it down. There is no other way.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would go down; touch nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def power_off_site(
    site: Site,
    rack: Rack = None,
    *,
    emergency: Emergency = False,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Take everything down at once, in the plan's order; it can be repeated."""
    if not emergency:
        raise UsageError(
            f"power-off {site}: takes down whatever runs, without a maintenance window: say "
            "--emergency if that is what you want; see --dry-run first"
        )
    console = Console(highlight=False)
    if dry_run:
        _tell(console, order_of(open_site(site).plan, rack))
        return
    opened = enter_site(site)
    order = order_of(opened.plan, rack)
    _tell(console, order)
    if not yes:
        _ask(opened.plan)
    done = asyncio.run(
        power_off(
            opened.plan,
            order,
            connector(opened.folder),
            lambda name, what: console.print(f"{name}: {what}", soft_wrap=True),
        )
    )
    _sum_up(console, done)
    raise typer.Exit(1 if done.failed else 0)


def _tell(console: Console, order: Order) -> None:
    for number, step in enumerate(order.steps, start=1):
        names = ", ".join(target.name for target in step.targets)
        console.print(f"{number}. {step.group}: {names}", soft_wrap=True)
    if order.left_on:
        console.print(f"left on, by hand if need be: {', '.join(order.left_on)}", soft_wrap=True)


def _ask(plan: SitePlan) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            f"power-off {plan.site}: nobody is there to be asked: say --yes, or use a terminal"
        )
    typed = typer.prompt(f"Type {plan.site} to switch all of this off now", default="")
    if typed != plan.site:
        raise UsageError(f"power-off {plan.site}: '{typed}' was typed: nothing was switched off")


def _sum_up(console: Console, done: Done) -> None:
    console.print(
        f"{len(done.off)} off, {len(done.cut)} cut at their outlets, {len(done.failed)} may be on"
    )
    for name, why in done.failed.items():
        console.print(f"  {name}: {why}", soft_wrap=True)
