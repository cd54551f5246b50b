"""A plan in a few lines for people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from clusterwright.design.plan import Rack, SitePlan


def summarise(plan: SitePlan, console: Console) -> None:
    """Print what the site consists of, and how full its racks are."""
    gpus = sum(node.gpus.count for node in plan.nodes)
    amounts = {
        "node": len(plan.nodes),
        "GPU": gpus,
        "compute switch": len(plan.switches),
        "cable": len(plan.links),
        "PDU": len(plan.pdus),
        "cooling loop": len(plan.loops),
    }
    counted = ", ".join(_amount(count, noun) for noun, count in amounts.items() if count)
    console.print(f"[bold]site {plan.site}[/]: {counted}", highlight=False, soft_wrap=True)
    console.print(_racks(plan))
    for usage in plan.warnings:
        console.print(
            f"[yellow]nearly reached[/] {usage.subject}: {usage.limit}: {usage.used:g} of "
            f"{usage.allowed:g} {usage.unit}, {usage.share:.0%}",
            soft_wrap=True,
        )
    for one in plan.unproven:
        console.print(
            f"[yellow]not proven[/] {one.subject}: {one.check}: {one.reason}", soft_wrap=True
        )
    if plan.unproven:
        console.print("write what their makers say into the site's own catalogue/")
    console.print("[green]the definition holds[/]" + ", as far as is proven" * bool(plan.unproven))


def _amount(count: int, noun: str) -> str:
    ending = "" if count == 1 else "es" if noun.endswith("ch") else "s"
    return f"{count:,} {noun}{ending}"


def _racks(plan: SitePlan) -> Table:
    table = Table(
        "rack", "nodes", box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in ("units", "power", "of limit", "to liquid", "to air"):
        table.add_column(column, justify="right")
    nodes, units = _nodes_by_rack(plan), _units_by_rack(plan)
    for rack in plan.racks:
        table.add_row(*_row(rack, nodes.get(rack.name, ()), units.get(rack.name, 0)))
    return table


def _nodes_by_rack(plan: SitePlan) -> Mapping[str, Sequence[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for node in plan.nodes:
        names[node.mount.rack].append(node.name)
    return names


def _units_by_rack(plan: SitePlan) -> Mapping[str, int]:
    units: dict[str, int] = defaultdict(int)
    for device in (*plan.hosts, *plan.switches):
        units[device.mount.rack] += device.mount.height_units
    return units


def _row(rack: Rack, nodes: Sequence[str], units: int) -> tuple[str, ...]:
    return (
        rack.name,
        f"{nodes[0]} … {nodes[-1]}" if len(nodes) > 2 else ", ".join(nodes) or "–",
        f"{units} of {rack.height_units}",
        f"{rack.power_watts / 1000:.1f} kW",
        f"{100 * rack.power_watts / rack.power_limit_watts:.0f} %",
        f"{rack.liquid_watts / 1000:.1f} kW",
        f"{rack.air_watts / 1000:.1f} kW",
    )
