"""How much of each limit of power is used, in the worst case of one feed lost."""

from collections.abc import Iterator, Sequence

from clusterwright.design.plan import FeedBalance, Usage
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.design.power.loads import rectifiers_of

_LIMITS = {
    "outlet": ("current of the fullest outlet", "A", 1),
    "branch": ("current of the fullest branch", "A", 1),
    "phase": ("current of the fullest phase", "A", 1),
    "input": ("load of the input", "kVA", 1000),
}


def find_usages(circuits: Circuits, balances: Sequence[FeedBalance]) -> Iterator[Usage]:
    """Yield what racks, PDUs, busbars, feeds and rows carry at most, those to come included."""
    for one in circuits.values():
        yield Usage(
            layer="power",
            subject=f"rack {one.rack.name}",
            limit="power limit of the rack",
            used=sum(o.power_watts for o in one.inside) / 1000,
            allowed=one.rack.power_limit_watts / 1000,
            unit="kW",
        )
        yield from _pdus(one)
        yield from _busbar(one)
    yield from _feeds(balances)


def _pdus(one: RackCircuit) -> Iterator[Usage]:
    names = one.feeding.pdu_names(one.rack.name)
    for reading in one.circuit.readings:
        limit, unit, per_unit = _LIMITS[reading.kind]
        yield Usage(
            layer="power",
            subject=f"PDU {names[reading.pdu]}",
            limit=limit,
            used=round(reading.used / per_unit, 2),
            allowed=round(reading.allowed / per_unit, 2),
            unit=unit,
        )


def _busbar(one: RackCircuit) -> Iterator[Usage]:
    if one.feeding.shelf:
        tightest = min(one.circuit.promised, key=lambda load: load.rectifiers)
        each = rectifiers_of(one.feeding).capacity_watts
        yield Usage(
            layer="power",
            subject=f"rack {one.rack.name}",
            limit="what the power shelves give the busbar",
            used=tightest.busbar_watts / 1000,
            allowed=tightest.rectifiers * each / 1000,
            unit="kW",
        )


def _feeds(balances: Sequence[FeedBalance]) -> Iterator[Usage]:
    worst: dict[tuple[str, str], FeedBalance] = {}
    for one in balances:
        at = one.row, one.feed
        if at not in worst or one.watts > worst[at].watts:
            worst[at] = one
    for one in worst.values():
        if one.limit_watts:
            yield Usage(
                layer="power",
                subject=f"feed {one.feed}" + (f" in row {one.row}" if one.row else ""),
                limit="power limit of the row's feed" if one.row else "power limit of the feed",
                used=one.watts / 1000,
                allowed=one.limit_watts / 1000,
                unit="kW",
            )
