"""A plan in a few lines for people."""

from rich.console import Console
from rich.table import Table

from clusterwright.design.plan import Rack, SitePlan


def summarise(plan: SitePlan, console: Console) -> None:
    """Print what the site consists of, and how full its racks are."""
    gpus = sum(node.gpus.count for node in plan.nodes)
    console.print(
        f"[bold]site {plan.site}[/]: {len(plan.nodes)} nodes with {gpus} GPUs, "
        f"{len(plan.switches)} compute switches, {len(plan.links)} cables, "
        f"{len(plan.pdus)} PDUs, {len(plan.loops)} cooling loops"
    )
    console.print(_racks(plan))
    for usage in plan.warnings:
        console.print(
            f"[yellow]nearly reached[/] {usage.subject}: {usage.limit}: {usage.used:g} of "
            f"{usage.allowed:g} {usage.unit}, {usage.share:.0%}"
        )
    for one in plan.unproven:
        console.print(f"[yellow]not proven[/] {one.subject}: {one.check}: {one.reason}")
    if plan.unproven:
        console.print("write what their makers say into the site's own catalogue/")
    console.print("[green]the definition holds[/]" + ", as far as is proven" * bool(plan.unproven))


def _racks(plan: SitePlan) -> Table:
    table = Table(
        "rack", "nodes", box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in ("units", "power", "of limit", "to liquid", "to air"):
        table.add_column(column, justify="right")
    for rack in plan.racks:
        table.add_row(*_row(plan, rack))
    return table


def _row(plan: SitePlan, rack: Rack) -> tuple[str, ...]:
    inside = [node.name for node in plan.nodes if node.mount.rack == rack.name]
    devices = (*plan.hosts, *plan.switches)
    units = sum(d.mount.height_units for d in devices if d.mount.rack == rack.name)
    return (
        rack.name,
        f"{inside[0]} … {inside[-1]}" if len(inside) > 2 else ", ".join(inside) or "–",
        f"{units} of {rack.height_units}",
        f"{rack.power_watts / 1000:.1f} kW",
        f"{100 * rack.power_watts / rack.power_limit_watts:.0f} %",
        f"{rack.liquid_watts / 1000:.1f} kW",
        f"{rack.air_watts / 1000:.1f} kW",
    )
