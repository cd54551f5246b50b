"""What a rack, its outlets and its feeds can hold."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from clusterwright.catalogue.entry import PowerSupplies
from clusterwright.design.occupants import Occupant
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_problems(loaded: LoadedSite, occupants: Sequence[Occupant]) -> Iterator[Problem]:
    """Yield every rack that is too small, too hungry or short of outlets, and missing feeds."""
    racks = loaded.site.facility.racks
    height = loaded.catalogue.racks[racks.model].height_units
    limit_watts = round(racks.power_limit_kw * 1000)
    for rack in racks.names:
        inside = [occupant for occupant in occupants if occupant.rack == rack]
        if inside:
            yield from chain(
                _space(rack, inside, height),
                _power(rack, inside, limit_watts),
                _outlets(loaded, rack, inside),
            )
    yield from _feeds(loaded, occupants)


def _culprits(inside: Sequence[Occupant]) -> tuple[list[Occupant], list[Occupant]]:
    """Split a rack into the largest set of equal devices, which one would reduce, and the rest."""
    model, path = Counter((o.model, o.path) for o in inside).most_common(1)[0][0]
    chosen = [o for o in inside if (o.model, o.path) == (model, path)]
    return chosen, [o for o in inside if o not in chosen]


def _fewer(  # noqa: PLR0913 - the parts of one sentence
    rack: str, chosen: Sequence[Occupant], *, verb: str, beside: str, limit: str, fit: int
) -> Problem:
    one, count = chosen[0], len(chosen)
    counted = one.path[-1] == "count"
    return Problem(
        path=one.path,
        value=str(count),
        rule=f"{count} × {one.model} in rack {rack} {verb}{beside}, but {limit}: "
        f"at most {fit} fit" + ("" if fit or not counted else ": use another rack"),
        remedy=((one.path, str(fit)),) if counted and fit else (),
    )


def _space(rack: str, inside: Sequence[Occupant], height: int) -> Iterator[Problem]:
    if sum(o.height_units for o in inside) <= height:
        return
    chosen, others = _culprits(inside)
    taken = sum(o.height_units for o in others)
    each = chosen[0].height_units
    yield _fewer(
        rack,
        chosen,
        verb=f"take {each * len(chosen)} rack units",
        beside=f", beside {taken} taken by other equipment" if taken else "",
        limit=f"the rack has {height}",
        fit=max(0, (height - taken) // each),
    )


def _power(rack: str, inside: Sequence[Occupant], limit_watts: int) -> Iterator[Problem]:
    if sum(o.power_watts for o in inside) <= limit_watts:
        return
    chosen, others = _culprits([o for o in inside if o.power_watts])
    taken = sum(o.power_watts for o in others)
    each = chosen[0].power_watts
    yield _fewer(
        rack,
        chosen,
        verb=f"draw {_kw(each * len(chosen))}",
        beside=f", beside {_kw(taken)} of other equipment" if taken else "",
        limit=f"the rack's limit is {_kw(limit_watts)}",
        fit=max(0, (limit_watts - taken) // each),
    )


def _outlets(loaded: LoadedSite, rack: str, inside: Sequence[Occupant]) -> Iterator[Problem]:
    feeds = len(loaded.site.facility.feeds)
    model = loaded.site.facility.racks.pdus.model
    have = loaded.catalogue.pdus[model].outlet_count * feeds
    cords = sum(o.supplies.count for o in inside if o.supplies)
    if cords <= have:
        return
    chosen, others = _culprits([o for o in inside if o.supplies])
    each = chosen[0].supplies.count if chosen[0].supplies else 1
    taken = cords - each * len(chosen)
    yield _fewer(
        rack,
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
