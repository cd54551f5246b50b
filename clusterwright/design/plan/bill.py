"""What to buy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BillUse:
    """How many of a line's items go where."""

    where: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One thing to buy: `count` are built in, `spares` lie on the shelf.

    `model` is a name of the catalogue; `length_m` is None where it means nothing, `unit_price`
    where the definition gives none.
    """

    kind: str
    model: str
    title: str
    part_number: str
    length_m: float | None
    count: int
    spares: int
    unit_price: float | None
    uses: tuple[BillUse, ...]

    @property
    def ordered(self) -> int:
        return self.count + self.spares

    @property
    def cost(self) -> float | None:
        return None if self.unit_price is None else round(self.ordered * self.unit_price, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Everything to buy for the site, kind by kind."""

    currency: str = ""
    lines: tuple[BillLine, ...] = ()

    @property
    def total(self) -> float:
        """Return what the lines with a price cost together."""
        return round(sum(line.cost or 0 for line in self.lines), 2)

    @property
    def unpriced(self) -> tuple[BillLine, ...]:
        return tuple(line for line in self.lines if line.unit_price is None)
