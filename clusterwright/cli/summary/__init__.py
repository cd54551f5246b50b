"""A plan in a few lines for people.

networks   switches and cables
racks      what stands where, and how full it is; like racks are one line
balance    feeds, circuits, air
open_ends  what is nearly reached, and what is not proven
"""

from rich.console import Console

from clusterwright.cli.summary.balance import print_balance
from clusterwright.cli.summary.networks import print_networks
from clusterwright.cli.summary.open_ends import print_open_ends
from clusterwright.cli.summary.racks import print_racks
from clusterwright.design.plan import SitePlan


def summarise(plan: SitePlan, console: Console) -> None:
    """Print what the site consists of, how full it is, and what remains to be seen to."""
    amounts = {
        "node": len(plan.nodes),
        "GPU": sum(node.gpus.count for node in plan.nodes),
        "storage server": len(plan.storage_servers),
        "management host": len(plan.management_hosts),
        "switch": len(plan.switches),
        "cable": len({link.piece for link in plan.links}),
        "rack": len(plan.racks),
        "PDU": len(plan.pdus),
        "cooling loop": len(plan.loops),
    }
    counted = ", ".join(_amount(count, noun) for noun, count in amounts.items() if count)
    console.print(f"[bold]site {plan.site}[/]: {counted}", highlight=False, soft_wrap=True)
    for part in (print_networks, print_racks, print_balance, print_open_ends):
        part(plan, console)


def _amount(count: int, noun: str) -> str:
    ending = "" if count == 1 else "es" if noun.endswith("ch") else "s"
    return f"{count:,} {noun}{ending}"
