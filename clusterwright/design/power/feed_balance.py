"""What each feed gives to the site and to each row, in normal operation and with another gone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from clusterwright.design.plan import FeedBalance
from clusterwright.design.power.circuit import Circuits
from clusterwright.design.power.feeding import NORMAL
from clusterwright.load import LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The watts of feed `feed` with feed `lost` gone, to the whole site or to one row."""

    row: str
    feed: str
    lost: str


def balance_feeds(loaded: LoadedSite, circuits: Circuits) -> tuple[FeedBalance, ...]:
    """Return the balance of every feed in every case, of the site and then of each row."""
    watts = _watts(loaded, circuits)
    limits = _limits(loaded)
    return tuple(
        FeedBalance(
            feed=flow.feed,
            lost=flow.lost,
            row=flow.row,
            watts=round(watts[flow]),
            limit_watts=limits.get((flow.row, flow.feed)),
        )
        for flow in sorted(watts, key=lambda flow: (flow.row, flow.feed, flow.lost))
    )


def _watts(loaded: LoadedSite, circuits: Circuits) -> Mapping[Flow, float]:
    watts = dict.fromkeys(_flows(loaded, {one.rack.row for one in circuits.values()}), 0.0)
    names = [feed.name for feed in loaded.site.facility.feeds]
    for one in circuits.values():
        by_case = {load.lost: load for load in one.circuit.loads}
        for lost in (NORMAL, *names):
            # Racks that a feed does not reach go on as before.
            load = by_case.get(lost, by_case[NORMAL])
            for feed, its_watts in load.feeds.items():
                if feed != lost:
                    for row in ("", one.rack.row):
                        watts[Flow(row=row, feed=feed, lost=lost)] += its_watts
    return watts


def _flows(loaded: LoadedSite, rows: set[str]) -> Iterator[Flow]:
    names = [feed.name for feed in loaded.site.facility.feeds]
    for row in ("", *sorted(rows)):
        for feed in names:
            for lost in (NORMAL, *names):
                if lost != feed:
                    yield Flow(row=row, feed=feed, lost=lost)


def _limits(loaded: LoadedSite) -> Mapping[tuple[str, str], int]:
    facility = loaded.site.facility
    limits: dict[tuple[str, str], int] = {}
    for feed in facility.feeds:
        given = [feed.limit_kw * 1000] if feed.limit_kw else []
        if feed.breaker_amps and feed.line_volts:
            volt_amperes = sqrt(3) * feed.line_volts * feed.breaker_amps
            given.append(
                volt_amperes * facility.power.continuous_load * facility.power.power_factor
            )
        if given:
            limits["", feed.name] = int(min(given))
        for row in facility.floor.rows:
            if row.feed_limit_kw:
                limits[row.name, feed.name] = int(row.feed_limit_kw * 1000)
    return limits
