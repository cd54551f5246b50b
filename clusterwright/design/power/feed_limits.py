"""What feeds give, to the site and to each row, against what they may."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, sqrt

from clusterwright.design.culprits import Remedy
from clusterwright.design.plan import FeedBalance
from clusterwright.design.power.circuit import Circuits
from clusterwright.design.power.loads import rectifiers_of, share
from clusterwright.design.power.wording import case, kilo
from clusterwright.design.seats import Spread
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


def find_problems(
    loaded: LoadedSite, circuits: Circuits, balances: Sequence[FeedBalance]
) -> Iterator[Problem]:
    """Yield the worst case of each feed, of the site and of each row, that is over its limit."""
    worst: dict[tuple[str, str], FeedBalance] = {}
    for one in balances:
        if one.limit_watts is not None and one.watts > one.limit_watts:
            at = one.row, one.feed
            if at not in worst or one.watts > worst[at].watts:
                worst[at] = one
    for one in worst.values():
        yield _problem(loaded, circuits, one)


def _problem(loaded: LoadedSite, circuits: Circuits, one: FeedBalance) -> Problem:
    limit = one.limit_watts or 0
    where = f" to row {one.row}" if one.row else ""
    left = _shrink(circuits, _drawn(circuits, one), one.watts - limit)
    remedy = tuple(edit for spread, count in left.items() for edit in _edits(spread, count))
    counts = (
        _counts(loaded, left)
        if remedy
        else f"no number of nodes fits: let it give {kilo(one.watts, 'W')}"
    )
    raised = tuple(_raised(loaded, one))
    return Problem(
        path=raised[0][0],
        value=kilo(limit, "W"),
        rule=f"feed {one.feed} gives {kilo(one.watts, 'W')}{where}{case(one.lost)}, but it may "
        f"give {kilo(limit, 'W')}: {counts}",
        remedy=remedy or raised,
    )


def _edits(spread: Spread, count: int) -> Remedy:
    """Leave a group `count` places, and no more nodes than that."""
    places = (((*spread.path, "build_for"), str(count)),) if spread.built else ()
    nodes = (((*spread.path, "count"), str(count)),) if spread.count > count else ()
    return (*places, *nodes)


def _raised(loaded: LoadedSite, one: FeedBalance) -> Iterator[tuple[DefinitionPath, str]]:
    """Yield the limits that would have to be higher."""
    facility = loaded.site.facility
    enough_kw = f"{ceil(one.watts / 100) / 10:g}"
    if one.row:
        row = next(i for i, row in enumerate(facility.floor.rows) if row.name == one.row)
        yield ("facility", "floor", "rows", row, "feed_limit_kw"), enough_kw
        return
    ordinal = next(i for i, feed in enumerate(facility.feeds) if feed.name == one.feed)
    feed, rules = facility.feeds[ordinal], facility.power
    if feed.limit_kw and feed.limit_kw * 1000 < one.watts:
        yield ("facility", "feeds", ordinal, "limit_kw"), enough_kw
    if feed.breaker_amps and feed.line_volts:
        watts_per_amp = sqrt(3) * feed.line_volts * rules.continuous_load * rules.power_factor
        if feed.breaker_amps * watts_per_amp < one.watts:
            at = ("facility", "feeds", ordinal, "breaker_amps")
            yield at, str(ceil(one.watts / watts_per_amp) + 1)


def _drawn(circuits: Circuits, one: FeedBalance) -> Mapping[Spread, float]:
    """Return what the nodes of each group draw from the feed in the case."""
    drawn: dict[Spread, float] = {}
    for rack in circuits.values():
        if one.row not in {"", rack.rack.row}:
            continue
        fed = [feed for feed in rectifiers_of(rack.feeding).feeds if feed != one.lost]
        of_busbar = fed.count(one.feed) / len(fed) if fed else 0.0
        for device, cords in zip(rack.inside, rack.circuit.cords, strict=True):
            if device.spread:
                shares = share(device, cords, one.lost)
                watts = sum(watts for cord, watts in shares if cord.feed == one.feed)
                watts += device.power_watts * of_busbar * device.busbar
                drawn[device.spread] = drawn.get(device.spread, 0.0) + watts
    return drawn


def _places(circuits: Circuits) -> Mapping[Spread, int]:
    """Return for how many nodes each group is laid out."""
    return Counter(o.spread for one in circuits.values() for o in one.inside if o.spread)


def _shrink(
    circuits: Circuits, drawn: Mapping[Spread, float], excess_watts: float
) -> Mapping[Spread, int]:
    """Take nodes out of the largest groups until they draw less by the excess; none if it stays."""
    places, left = _places(circuits), {}
    for spread, watts in sorted(drawn.items(), key=lambda item: -item[1]):
        if excess_watts <= 0 or not watts:
            break
        asked = places[spread]
        gone = min(asked - 1, ceil(excess_watts * asked / watts))
        if gone:
            left[spread] = asked - gone
            excess_watts -= gone * watts / asked
    return left if excess_watts <= 0 else {}


def _counts(loaded: LoadedSite, left: Mapping[Spread, int]) -> str:
    fits = []
    for spread, count in left.items():
        unit = loaded.site.compute[int(spread.path[1])]
        group = unit.groups[int(spread.path[3])]
        fits.append(f"at most {count} × {group.server} of {unit.name} fit")
    return ", ".join(fits)
