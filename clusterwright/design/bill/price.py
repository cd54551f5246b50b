"""Lines of the bill: part numbers, spares, prices."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import get_args

from clusterwright.catalogue import Catalogue
from clusterwright.catalogue.entry import Cable, CableSku, Entry
from clusterwright.design.bill.stock import KINDS, Item
from clusterwright.design.plan import Bill, BillLine, BillUse
from clusterwright.model.bill import Kind, Prices

ORDER = get_args(Kind)


def price_all(catalogue: Catalogue, prices: Prices, stock: Mapping[Item, int]) -> Bill:
    """Return the bill, one line for each model and length, in the order of kinds and names."""
    uses: dict[tuple[Kind, str, float | None], dict[str, int]] = {}
    for item, count in stock.items():
        places = uses.setdefault((item.kind, item.model, item.length_m), {})
        places[item.where] = places.get(item.where, 0) + count
    order = sorted(uses, key=lambda key: (ORDER.index(key[0]), key[1], key[2] or 0))
    return Bill(
        currency=prices.currency,
        lines=tuple(_line(catalogue, prices, key, uses[key]) for key in order),
    )


def _line(
    catalogue: Catalogue,
    prices: Prices,
    key: tuple[Kind, str, float | None],
    uses: Mapping[str, int],
) -> BillLine:
    kind, model, length_m = key
    entry = _entry(catalogue, kind, model)
    sku = _sku(catalogue.cables[model], length_m) if kind == "cable" else None
    part_number = sku.part_number if sku else getattr(entry, "part_number", None) or ""
    count = sum(uses.values())
    return BillLine(
        kind=kind,
        model=model,
        title=entry.title if entry else model.capitalize(),
        part_number=part_number,
        length_m=length_m,
        count=count,
        spares=count_spares(count, prices.spares_percent.get(kind, 0)),
        unit_price=next(_prices(prices, part_number, model, length_m), None),
        uses=tuple(BillUse(where=where, count=n) for where, n in uses.items()),
    )


def count_spares(count: int, percent: float) -> int:
    """Return so many percent, rounded up: at least one where there are any."""
    # Rounded first: 100 × 0.07 is a little more than 7.
    return ceil(round(count * percent / 100, 6))


def _prices(
    prices: Prices, part_number: str, model: str, length_m: float | None
) -> Iterator[float]:
    """Yield prices, the most exact name first."""
    length = f"{model} {length_m:g} m" if length_m is not None else ""
    for name in (length, part_number, model):
        if name in prices.items:
            yield prices.items[name]


def _sku(cable: Cable, length_m: float | None) -> CableSku | None:
    return next((sku for sku in cable.skus if sku.length_m == length_m), None)


def _entry(catalogue: Catalogue, kind: Kind, model: str) -> Entry | None:
    folders = [folder for folder, known in KINDS.items() if known == kind]
    folders += {"node": ["servers"], "cable": ["cables"], "transceiver": ["transceivers"]}.get(
        kind, []
    )
    return next((getattr(catalogue, folder).get(model) for folder in folders), None)
