"""The leaves that storage servers have for themselves.

Their ports are dealt over the leaves in turn, so that each server has as many different ones as it
can. As much bandwidth goes up as comes from below.
"""

from dataclasses import dataclass, replace

from clusterwright.design.fabric.ask import FabricAsk, PoolAsk, ports_below, whole_cages


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLayout:
    """The leaves of a pool; `downlinks`, as split, and `uplinks` are those of each."""

    leaves: int
    split: int
    apart: int
    """Ports that are all of servers or all of uplinks."""
    downlinks: int
    uplinks: int

    def port(self, ordinal: int) -> tuple[int, int]:
        """Return leaf (from 0) and port (from 1) of the pool's port `ordinal`, from 0."""
        row, leaf = divmod(ordinal, self.leaves)
        return leaf, row + 1

    def with_uplinks(self, uplinks: int) -> "PoolLayout":
        return replace(self, uplinks=uplinks)


def lay_out_pool(ask: FabricAsk, pool: PoolAsk) -> PoolLayout:
    """Return the pool's leaves with the fewest uplinks; `uplink_range` says whether they fit."""
    room = most_ports_per_leaf(ask, pool)
    leaves = pool.leaves or 2 * max(1, -(-pool.ports // (2 * room)))
    downlinks = max(1, -(-pool.ports // leaves))
    return PoolLayout(
        leaves=leaves,
        split=pool.split,
        apart=_apart(ask, pool),
        downlinks=downlinks,
        uplinks=-(-downlinks // (pool.split * pool.slowed)),
    )


def most_ports_per_leaf(ask: FabricAsk, pool: PoolAsk) -> int:
    """Return how many ports of servers a leaf takes without being oversubscribed."""
    below = ask.ports * pool.slowed // (1 + pool.slowed)
    return pool.split * whole_cages(below, _apart(ask, pool))


def _apart(ask: FabricAsk, pool: PoolAsk) -> int:
    return ask.cage_ports if pool.apart else 1


def uplink_range(ask: FabricAsk, layout: PoolLayout) -> range:
    """Return how many uplinks each leaf of the pool can have: none where its servers do not fit."""
    below = ports_below(layout.downlinks, layout.split, layout.apart)
    return range(layout.uplinks, ask.ports - below + 1)
