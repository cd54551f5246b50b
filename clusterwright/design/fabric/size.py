"""The size of a fabric: its units' leaves, those of storage, and the tree above them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil

from clusterwright.design.fabric import tree
from clusterwright.design.fabric.ask import FabricAsk, Grouping, whole_cages
from clusterwright.design.fabric.pool import PoolLayout, lay_out_pool, uplink_range
from clusterwright.design.fabric.tree import Load, Tree
from clusterwright.design.fabric.unit import UnitLayout, lay_out


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricSize:
    """How many switches to buy, and how they are joined. Figures are those of one plane."""

    units: tuple[UnitLayout, ...]
    tree: Tree
    offsets: tuple[int, ...]
    """Leaves of the units before each one."""
    built_leaves: int
    """Leaves of all units, those to come included."""
    built_units: int
    pool: PoolLayout | None
    last_downlink: int
    """The last port of a leaf, as split, that can face nodes and guests."""
    pool_last_downlink: int
    """The same of a leaf of storage servers."""

    @property
    def leaves(self) -> int:
        of_pool = self.pool.leaves if self.pool else 0
        return sum(unit.leaves for unit in self.units) + of_pool

    @property
    def spines(self) -> int:
        return len(self.occupied_groups) * self.tree.spines

    @property
    def cores(self) -> int:
        return self.tree.core_groups * self.tree.cores

    @property
    def occupied_groups(self) -> tuple[int, ...]:
        """Groups that have a leaf; the others are for units to come."""
        of_units = (
            self.place(unit, leaf)[0]
            for unit, layout in enumerate(self.units)
            for leaf in range(layout.leaves)
        )
        of_pool = (self.pool_place(leaf)[0] for leaf in range(self.pool.leaves if self.pool else 0))
        return tuple(sorted({*of_units, *of_pool}))

    def place(self, unit: int, leaf: int) -> tuple[int, int]:
        """Return the group of a unit's leaf, and the leaf's place in it; all from 0."""
        grouping = self.tree.grouping
        if grouping is None:
            return 0, self.offsets[unit] + leaf
        block, within = divmod(unit, grouping.units)
        part, place = divmod(leaf, grouping.leaves)
        return block * self.tree.sets + part, within * grouping.leaves + place

    def pool_place(self, leaf: int) -> tuple[int, int]:
        """Return the group of a pool's leaf, and its place there, as for the units to come.

        In two tiers places are counted from the end: so nodes and storage both have room to grow.
        """
        if self.tree.grouping is None:
            return 0, leaf
        widest = max(unit.leaves for unit in self.units)
        return self.place(self.built_units + leaf // widest, leaf % widest)


def size_fabric(ask: FabricAsk) -> FabricSize | None:
    """Return the fabric's size, or nothing where its tiers cannot join so many leaves."""
    units = tuple(lay_out(ask, unit) for unit in ask.units)
    widest = max(unit.leaves for unit in units)
    leaves = max(sum(unit.leaves for unit in units), ask.build_for_units * widest)
    pool = lay_out_pool(ask, ask.pool) if ask.pool else None
    above = _tree(ask, units, leaves, pool)
    if above is None:
        return None
    return FabricSize(
        units=units,
        tree=above,
        offsets=(0, *accumulate(unit.leaves for unit in units)),
        built_leaves=leaves,
        built_units=ask.built_units,
        pool=pool.with_uplinks(above.pool_uplinks) if pool else None,
        last_downlink=ask.split * ask.whole(ask.ports - above.uplinks),
        pool_last_downlink=_pool_last_downlink(ask, pool, above),
    )


def _pool_last_downlink(ask: FabricAsk, pool: PoolLayout | None, above: Tree) -> int:
    if pool is None:
        return 0
    return pool.split * whole_cages(ask.ports - above.pool_uplinks, pool.apart)


def _tree(
    ask: FabricAsk, units: tuple[UnitLayout, ...], leaves: int, pool: PoolLayout | None
) -> Tree | None:
    downlinks = max(unit.downlinks for unit in units)
    counted = max(unit.counted for unit in units)
    fewest = ceil(Fraction(counted, ask.split) / ask.oversubscription)
    loads = [Load(leaves=leaves, uplinks=range(fewest, _most_uplinks(ask, downlinks) + 1))]
    if pool:
        loads.append(Load(leaves=pool.leaves, uplinks=uplink_range(ask, pool)))
    total = sum(load.leaves for load in loads)
    spineless = total <= 2 and ask.spine.least_spines == 1
    if ask.tiers == 1 or (ask.tiers == "auto" and spineless):
        return tree.one_tier(leaves, loads[0].uplinks) if total <= 2 else None
    if ask.tiers == 2 or (ask.tiers == "auto" and total <= ask.spine.ports):
        two = tree.two_tiers(loads, ask.spine) if total <= ask.spine.ports else None
        if two or ask.tiers == 2:
            return two
    return _three_tiers(ask, units, loads)


def _most_uplinks(ask: FabricAsk, downlinks: int) -> int:
    return ask.ports - ask.ports_below(downlinks)


def _three_tiers(
    ask: FabricAsk, units: tuple[UnitLayout, ...], loads: Sequence[Load]
) -> Tree | None:
    """Give all leaves as many uplinks; leaves of storage take the places of units to come."""
    widest = max(unit.leaves for unit in units)
    further = sum(-(-load.leaves // widest) for load in loads[1:])
    built = ask.built_units + further
    grouping = ask.grouping or tree.group(
        ask.shape, units=built, leaves=widest, room=ask.spine.room
    )
    sets = -(-widest // grouping.leaves)
    if not _joined(ask, built, grouping, sets):
        return None
    uplinks = range(
        max(load.uplinks.start for load in loads), min(load.uplinks.stop for load in loads)
    )
    return tree.three_tiers(
        units=built, grouping=grouping, sets=sets, uplinks=uplinks, spine=ask.spine
    )


def _joined(ask: FabricAsk, units: int, grouping: Grouping, sets: int) -> bool:
    blocks = -(-units // grouping.units)
    fits = grouping.units * grouping.leaves <= ask.spine.room
    return fits and blocks * sets <= tree.most_groups(ask.spine.ports)


def most_units(ask: FabricAsk, tiers: int) -> int:
    """Return how many units, each with as many leaves as the widest, `tiers` tiers can join."""
    widest = max(lay_out(ask, unit).leaves for unit in ask.units)
    if tiers < 3:
        return (ask.spine.ports if tiers == 2 else 2) // widest
    if ask.grouping:
        grouping = ask.grouping
    elif ask.shape == "rail-optimised":
        grouping = Grouping(units=ask.spine.room, leaves=1)
    else:
        grouping = tree.group(
            ask.shape, units=ask.spine.ports**2, leaves=widest, room=ask.spine.room
        )
    sets = -(-widest // grouping.leaves)
    return tree.most_groups(ask.spine.ports) // sets * grouping.units
