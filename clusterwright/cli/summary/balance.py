"""Power and cooling of the whole site."""

from collections.abc import Iterator

from rich.console import Console

from clusterwright.cli.summary.block import print_table
from clusterwright.design.plan import FeedBalance, SitePlan

_ROUNDED_WATTS = 50
"""What shares of feeds may lack together because each is a whole number."""
_COLUMNS = ("power and cooling", "carries", "may carry", "")


def print_balance(plan: SitePlan, console: Console) -> None:
    """Print what feeds, circuits and air carry, and what they could."""
    rows = [*_feeds(plan), *_cooling(plan)]
    print_table(console, _COLUMNS, rows, numbers=("carries", "may carry"))


def _feeds(plan: SitePlan) -> Iterator[tuple[str, str, str, str]]:
    of_site: dict[str, list[FeedBalance]] = {}
    for one in plan.feed_balances:
        if not one.row:
            of_site.setdefault(one.feed, []).append(one)
    for feed, balances in of_site.items():
        worst = max(balances, key=lambda one: one.watts)
        normal = next(one for one in balances if not one.lost)
        with_loss = f"{_kw(worst.watts)} with feed {worst.lost} lost" if worst.lost else ""
        yield f"feed {feed}", _kw(normal.watts), _kw(worst.limit_watts), with_loss
    fed = sum(one.watts for balances in of_site.values() for one in balances if not one.lost)
    unfed = sum(rack.power_watts for rack in plan.racks) - fed
    if unfed >= _ROUNDED_WATTS:
        yield "not on a feed", _kw(unfed), "–", "of devices whose power supplies are not known"


def _cooling(plan: SitePlan) -> Iterator[tuple[str, str, str, str]]:
    if plan.cooling is None:
        return
    for one in plan.cooling.circuits:
        ways = f"{one.supply_c:g} → {one.return_c:g} °C, {one.flow_lpm:g} L/min"
        if not one.heat_watts:
            ways = f"{one.supply_c:g} °C; no heat is known that it takes"
        yield f"circuit {one.circuit}", _kw(one.heat_watts or None), _kw(one.reserve_watts), ways
    air = plan.cooling.air
    inlet = f"inlet {air.inlet_c:g} °C" if air.inlet_c is not None else ""
    yield "air", _kw(air.heat_watts), _kw(air.reserve_watts), inlet


def _kw(watts: int | None) -> str:
    return "–" if watts is None else f"{watts / 1000:,.1f} kW"
