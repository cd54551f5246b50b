"""The difference between two bills: what is taken out is used again before anything is bought."""

from dataclasses import dataclass

from clusterwright.design.plan import Bill, BillLine

Part = tuple[str, str]
"""Kind and model; the length of a cable is part of its model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One part of which, spares included, there will be more, or fewer: then `count` is negative.

    `cost` is what the difference costs, None where the new definition gives no price.
    """

    kind: str
    model: str
    was: int
    becomes: int
    count: int
    cost: float | None


def compare_bills(old: Bill, new: Bill) -> tuple[Purchase, ...]:
    """Return every part of which there will be more or fewer."""
    before, after = _lines(old), _lines(new)
    parts = (
        _purchase(part, before.get(part), after.get(part)) for part in sorted({*before, *after})
    )
    return tuple(one for one in parts if one.count)


def _lines(bill: Bill) -> dict[Part, BillLine]:
    return {(line.kind, _model(line)): line for line in bill.lines}


def _model(line: BillLine) -> str:
    return line.model if line.length_m is None else f"{line.model}, {line.length_m:g} m"


def _purchase(part: Part, old: BillLine | None, new: BillLine | None) -> Purchase:
    was, becomes = old.ordered if old else 0, new.ordered if new else 0
    price = new.unit_price if new else None
    return Purchase(
        kind=part[0],
        model=part[1],
        was=was,
        becomes=becomes,
        count=becomes - was,
        cost=None if price is None else round((becomes - was) * price, 2),
    )
