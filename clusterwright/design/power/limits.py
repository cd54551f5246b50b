"""Every limit of power that is broken."""

from collections.abc import Sequence
from itertools import chain

from clusterwright.design.plan import FeedBalance
from clusterwright.design.power import busbar_limits, feed_limits, keeping, rack_limits, start_up
from clusterwright.design.power.blame import agree
from clusterwright.design.power.circuit import Circuits
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_problems(
    loaded: LoadedSite, circuits: Circuits, balances: Sequence[FeedBalance]
) -> tuple[Problem, ...]:
    """Return the limits broken in racks, then those of feeds."""
    too_few = tuple(keeping.find_problems(loaded, circuits))
    # With too few feeds, outlets and currents say nothing of a rack as it will be.
    unsettled = any(problem.path == keeping.SITE_FEEDS for problem in too_few)
    settled = [
        one
        for one in circuits.values()
        if keeping.keeps(one) and (one.feeding.own_feeds or not unsettled)
    ]
    found = chain(
        *(busbar_limits.find_problems(loaded, circuits, one) for one in circuits.values()),
        *(rack_limits.find_drawn(loaded, one) for one in circuits.values()),
        *(rack_limits.find_problems(loaded, circuits, one) for one in settled),
        too_few,
        () if too_few else feed_limits.find_problems(loaded, circuits, balances),
        start_up.find_problems(loaded, circuits),
    )
    return tuple(agree(tuple(found)))
