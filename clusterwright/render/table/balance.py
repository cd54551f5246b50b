"""Power and cooling: what is used of what there is."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.plan import SitePlan, Usage
from clusterwright.render.csv_text import Cell
from clusterwright.render.table.inventory import rack_table
from clusterwright.render.table.table import Table, markdown

_RACK_COLUMNS = (
    "rack",
    "power_kw",
    "power_limit_kw",
    "power_share",
    "to_liquid_kw",
    "to_air_kw",
    "weight_kg",
)


def render_balance(plan: SitePlan) -> Mapping[str, str]:
    """Render balance.md for people, and its tables as CSV."""
    return {
        "balance.md": "\n".join(_page(plan)) + "\n",
        "balance/feeds.csv": feed_table(plan).csv,
        "balance/racks.csv": rack_table(plan).csv,
        "balance/circuits.csv": circuit_table(plan).csv,
        "balance/air.csv": air_table(plan).csv,
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
                _kilo(one.limit_watts),
                None if not one.limit_watts else round(one.watts / one.limit_watts, 3),
            )
            for one in plan.feed_balances
        ],
    )


def circuit_table(plan: SitePlan) -> Table:
    """Return what each circuit of coolant carries away, and what it could with a part lost."""
    circuits = plan.cooling.circuits if plan.cooling else ()
    return Table(
        name="circuits",
        columns=(
            "circuit",
            "heat_kw",
            "capacity_kw",
            "reserve_kw",
            "flow_lpm",
            "reserve_lpm",
            "supply_c",
            "return_c",
            "coldest_c",
            "warmest_c",
        ),
        rows=[
            (
                one.circuit,
                one.heat_watts / 1000,
                one.capacity_watts / 1000,
                _kilo(one.reserve_watts),
                one.flow_lpm,
                one.reserve_lpm,
                one.supply_c,
                one.return_c,
                one.coldest_c,
                one.warmest_c,
            )
            for one in circuits
        ],
    )


def air_table(plan: SitePlan) -> Table:
    """Return what the room's air carries away, and what it could with handlers lost."""
    return Table(
        name="air",
        columns=(
            "heat_kw",
            "capacity_kw",
            "reserve_kw",
            "flow_cfm",
            "reserve_cfm",
            "inlet_c",
            "dew_point_c",
        ),
        rows=[
            (
                air.heat_watts / 1000,
                _kilo(air.capacity_watts),
                _kilo(air.reserve_watts),
                air.flow_cfm,
                air.reserve_cfm,
                air.inlet_c,
                air.dew_point_c,
            )
            for air in ([plan.cooling.air] if plan.cooling else [])
        ],
    )


def _kilo(watts: int | None) -> float | None:
    return None if watts is None else watts / 1000


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
    circuits, air = circuit_table(plan), air_table(plan)
    yield "Circuits of coolant", circuits.columns, circuits.rows
    yield "Air", air.columns, air.rows
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
