"""Every limit of power that is broken."""

from collections.abc import Iterator, Sequence
from itertools import chain

from clusterwright.design.plan import FeedBalance
from clusterwright.design.power import busbar_limits, feed_limits, keeping, rack_limits, start_up
from clusterwright.design.power.blame import agree
from clusterwright.design.power.circuit import Circuits, RackCircuit
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_problems(
    loaded: LoadedSite, circuits: Circuits, balances: Sequence[FeedBalance]
) -> tuple[Problem, ...]:
    """Return the limits broken in racks, then those of feeds."""
    found = chain(
        *(_of_rack(loaded, circuits, one) for one in circuits.values()),
        keeping.find_problems(loaded, circuits),
        feed_limits.find_problems(loaded, circuits, balances),
        start_up.find_problems(loaded, circuits),
    )
    return tuple(agree(tuple(found)))


def _of_rack(loaded: LoadedSite, circuits: Circuits, one: RackCircuit) -> Iterator[Problem]:
    yield from busbar_limits.find_problems(loaded, circuits, one)
    yield from rack_limits.find_problems(loaded, circuits, one)
