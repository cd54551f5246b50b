"""Power and cooling: what is used of what there is."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.plan import SitePlan, Usage
from clusterwright.render.csv_text import Cell
from clusterwright.render.table.inventory import rack_table
from clusterwright.render.table.table import Table, markdown

_RACK_COLUMNS = ("rack", "power_kw", "power_limit_kw", "power_share", "to_liquid_kw", "to_air_kw")


def render_balance(plan: SitePlan) -> Mapping[str, str]:
    """Render balance.md for people, and its tables as CSV."""
    return {
        "balance.md": "\n".join(_page(plan)) + "\n",
        "balance/feeds.csv": feed_table(plan).csv,
        "balance/racks.csv": rack_table(plan).csv,
        "balance/limits.csv": limit_table(plan).csv,
    }


def feed_table(plan: SitePlan) -> Table:
    """Return what each feed gives, in normal operation and with any one feed gone."""
    return Table(
        name="feeds",
        columns=("row", "feed", "feed_lost", "load_kw", "limit_kw", "share"),
        rows=[
            (
                one.row or "whole site",
                one.feed,
                one.lost or "none",
                one.watts / 1000,
                None if one.limit_watts is None else one.limit_watts / 1000,
                None if not one.limit_watts else round(one.watts / one.limit_watts, 3),
            )
            for one in plan.feed_balances
        ],
    )


def limit_table(plan: SitePlan) -> Table:
    """Return every limit, the fullest first."""
    fullest = sorted(plan.usages, key=lambda usage: -usage.share)
    return Table(
        name="limits",
        columns=("layer", "subject", "limit", "used", "allowed", "unit", "share"),
        rows=[_limit(usage) for usage in fullest],
    )


def _limit(usage: Usage) -> tuple[str, str, str, float, float, str, float]:
    return (
        usage.layer,
        usage.subject,
        usage.limit,
        usage.used,
        usage.allowed,
        usage.unit,
        round(usage.share, 3),
    )


def _page(plan: SitePlan) -> Iterator[str]:
    yield f"# Power and cooling of {plan.site}"
    for heading, columns, rows in _sections(plan):
        if rows:
            yield from ("", f"## {heading}", "", *markdown(columns, rows))
    if plan.unproven:
        yield from ("", "## Not proven", "")
        yield from (f"- {one.subject}: {one.check}: {one.reason}" for one in plan.unproven)


def _sections(plan: SitePlan) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]:
    feeds, racks = feed_table(plan), rack_table(plan)
    yield "What each feed gives", feeds.columns, feeds.rows
    chosen = [racks.columns.index(column) for column in _RACK_COLUMNS]
    yield "Racks", _RACK_COLUMNS, [[row[k] for k in chosen] for row in racks.rows]
    yield "The fullest of each limit", _FULLEST, list(_fullest(plan.usages))


_FULLEST = ("layer", "limit", "fullest", "used", "allowed", "unit", "share", "subjects")


def _fullest(usages: Sequence[Usage]) -> Iterator[tuple[Cell, ...]]:
    """Yield one row for each kind of limit: the subject that comes nearest to it."""
    kinds: dict[tuple[str, str, str], list[Usage]] = {}
    for usage in usages:
        kinds.setdefault((usage.layer, usage.limit, usage.unit), []).append(usage)
    for (layer, limit, unit), members in kinds.items():
        top = max(members, key=lambda usage: usage.share)
        share = round(top.share, 3)
        yield layer, limit, top.subject, top.used, top.allowed, unit, share, len(members)
