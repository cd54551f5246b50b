"""Networks: their switches and their cables."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from clusterwright.cli.summary.block import print_table
from clusterwright.design.plan import Link, SitePlan, Switch

_COLUMNS = ("network", "cables", "longest", "speed", "switches")
_PLURAL = {"leaf": "leaves"}


def print_networks(plan: SitePlan, console: Console) -> None:
    """Print a line for each fabric that has switches."""
    switches: dict[str, list[Switch]] = {}
    for switch in plan.switches:
        switches.setdefault(switch.fabric, []).append(switch)
    links: dict[str, list[Link]] = {}
    for link in plan.links:
        links.setdefault(link.fabric, []).append(link)
    rows = [
        (
            fabric,
            f"{len({link.piece for link in links.get(fabric, ())}):,}",
            f"{max((link.length_m for link in links.get(fabric, ())), default=0):g} m",
            _speeds(links.get(fabric, ())),
            _switches(members),
        )
        for fabric, members in switches.items()
    ]
    print_table(console, _COLUMNS, rows, numbers=("cables", "longest"))


def _switches(members: Sequence[Switch]) -> str:
    tiers = Counter((switch.tier, switch.model) for switch in members)
    return ", ".join(
        f"{count} {tier if count == 1 else _PLURAL.get(tier, tier + 's')} {model}"
        for (tier, model), count in tiers.items()
    )


def _speeds(links: Sequence[Link]) -> str:
    speeds = sorted({link.speed_gbps for link in links}, reverse=True)
    return ", ".join(f"{speed:g}" for speed in speeds) + " Gb/s" if speeds else "–"
