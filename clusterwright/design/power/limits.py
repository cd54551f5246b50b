"""What racks, outlets and feeds can carry."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.catalogue.entry import PowerSupplies
from clusterwright.design.culprits import by_rack, culprits, fewer
from clusterwright.design.occupant import Occupant
from clusterwright.design.racks import RackPlace
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_problems(
    loaded: LoadedSite, racks: Mapping[str, RackPlace], occupants: Sequence[Occupant]
) -> Iterator[Problem]:
    """Yield every rack that is too hungry or short of outlets, and missing feeds."""
    for rack, inside in by_rack(occupants).items():
        yield from _power(rack, inside, racks[rack].power_limit_watts)
        yield from _outlets(loaded, racks[rack], inside)
    yield from _feeds(loaded, occupants)


def _power(rack: str, inside: Sequence[Occupant], limit_watts: int) -> Iterator[Problem]:
    if sum(o.power_watts for o in inside) <= limit_watts:
        return
    chosen, others = culprits([o for o in inside if o.power_watts])
    taken = sum(o.power_watts for o in others)
    each = chosen[0].power_watts
    yield fewer(
        rack,
        chosen,
        verb=f"draw {_kw(each * len(chosen))}",
        beside=f", beside {_kw(taken)} of other equipment" if taken else "",
        limit=f"the rack's limit is {_kw(limit_watts)}",
        fit=max(0, (limit_watts - taken) // each),
    )


def _outlets(loaded: LoadedSite, rack: RackPlace, inside: Sequence[Occupant]) -> Iterator[Problem]:
    feeds = len(loaded.site.facility.feeds)
    if rack.group.pdus is None:
        return
    model = rack.group.pdus.model
    have = loaded.catalogue.pdus[model].outlet_count * feeds
    cords = sum(o.supplies.count for o in inside if o.supplies)
    if cords <= have:
        return
    chosen, others = culprits([o for o in inside if o.supplies])
    each = chosen[0].supplies.count if chosen[0].supplies else 1
    taken = cords - each * len(chosen)
    yield fewer(
        rack.name,
        chosen,
        verb=f"have {each * len(chosen)} power supplies",
        beside=f", beside {taken} of {len(others)} other devices" if taken else "",
        limit=f"the rack's {feeds} × {model} have {have} outlets",
        fit=max(0, (have - taken) // each),
    )


def _feeds(loaded: LoadedSite, occupants: Sequence[Occupant]) -> Iterator[Problem]:
    feeds = len(loaded.site.facility.feeds)
    models = {o.model: o.supplies for o in occupants if o.supplies}
    for model, supplies in models.items():
        if supplies.count - -(-supplies.count // feeds) < supplies.needed:
            yield _too_few_feeds(model, supplies, feeds)


def _too_few_feeds(model: str, supplies: PowerSupplies, feeds: int) -> Problem:
    spare = supplies.count - supplies.needed
    fewest = next((n for n in range(1, 27) if spare and -(-supplies.count // n) <= spare), None)
    left = supplies.count - -(-supplies.count // feeds)
    remedy = f"use at least {fewest} feeds" if fewest else "no number of feeds helps"
    return Problem(
        path=("facility", "feeds"),
        value=str(feeds),
        rule=f"{feeds} feeds: {model} keeps full performance on {supplies.needed} of its "
        f"{supplies.count} power supplies, but with one feed lost only {left} are fed: {remedy}",
    )


def _kw(watts: int) -> str:
    return f"{watts / 1000:.1f} kW".replace(".0 kW", " kW")
