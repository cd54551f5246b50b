"""The bill of materials."""

from collections.abc import Iterator

from clusterwright.design.plan import Bill, BillLine, SitePlan
from clusterwright.render.csv_text import Cell, csv_text, number
from clusterwright.render.table.table import markdown

COLUMNS = (
    "kind",
    "model",
    "title",
    "part_number",
    "length_m",
    "built_in",
    "spares",
    "to_order",
    "unit_price",
    "cost",
    "currency",
    "used_for",
)


def render_bill(plan: SitePlan) -> str:
    """Render bill.csv: a row per model and length."""
    return csv_text(COLUMNS, bill_rows(plan))


def bill_rows(plan: SitePlan) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of COLUMNS for every line of the bill; what has no price has empty cells."""
    for line in plan.bill.lines:
        yield (
            line.kind,
            line.model,
            line.title,
            line.part_number,
            number(line.length_m),
            line.count,
            line.spares,
            line.ordered,
            money(line.unit_price),
            money(line.cost),
            plan.bill.currency if line.unit_price is not None else "",
            "; ".join(f"{use.count} {use.where}" for use in line.uses),
        )


def render_bill_table(plan: SitePlan) -> str:
    """Render bill.md: the bill for people, with its total and what has no price."""
    bill = plan.bill
    rows = [_shown(line) for line in bill.lines]
    head = ("kind", "item", "part", "built in", "spares", "to order", "unit price", "cost")
    return "\n".join(
        [
            f"# Bill of materials of {plan.site}",
            "",
            *markdown(head, rows),
            "",
            *_sums(bill),
            "",
        ]
    )


def _sums(bill: Bill) -> Iterator[str]:
    if len(bill.unpriced) < len(bill.lines):
        yield f"Total of what has a price: {money(bill.total)} {bill.currency}."
        yield ""
    if bill.unpriced:
        names = dict.fromkeys(line.model for line in bill.unpriced)
        yield f"Without a price, and in no sum: {', '.join(names)}."


def _shown(line: BillLine) -> tuple[Cell, ...]:
    length = f", {number(line.length_m)} m" if line.length_m is not None else ""
    return (
        line.kind,
        line.model + length,
        line.part_number,
        line.count,
        line.spares,
        line.ordered,
        money(line.unit_price),
        money(line.cost),
    )


def money(amount: float | None) -> str:
    """Write an amount with two decimals."""
    return "" if amount is None else f"{amount:.2f}"
