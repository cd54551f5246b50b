"""The size of a fabric: its units' leaves, and the tree above them."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil

from clusterwright.design.fabric import tree
from clusterwright.design.fabric.ask import FabricAsk, Grouping
from clusterwright.design.fabric.tree import Tree
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
    last_downlink: int
    """The last port of a leaf, as split, that can face nodes and guests."""
    first_uplink: int

    @property
    def leaves(self) -> int:
        return sum(unit.leaves for unit in self.units)

    @property
    def spines(self) -> int:
        return len(self.occupied_groups) * self.tree.spines

    @property
    def cores(self) -> int:
        return self.tree.core_groups * self.tree.cores

    @property
    def occupied_groups(self) -> tuple[int, ...]:
        """Groups that have a leaf; the others are for units to come."""
        places = (
            self.place(unit, leaf)[0]
            for unit, layout in enumerate(self.units)
            for leaf in range(layout.leaves)
        )
        return tuple(sorted(set(places)))

    def place(self, unit: int, leaf: int) -> tuple[int, int]:
        """Return the group of a unit's leaf, and the leaf's place in it; all from 0."""
        grouping = self.tree.grouping
        if grouping is None:
            return 0, self.offsets[unit] + leaf
        block, within = divmod(unit, grouping.units)
        part, place = divmod(leaf, grouping.leaves)
        return block * self.tree.sets + part, within * grouping.leaves + place


def size_fabric(ask: FabricAsk) -> FabricSize | None:
    """Return the fabric's size, or nothing where its tiers cannot join so many leaves."""
    units = tuple(lay_out(ask, unit) for unit in ask.units)
    widest = max(unit.leaves for unit in units)
    leaves = max(sum(unit.leaves for unit in units), ask.build_for_units * widest)
    above = _tree(ask, units, leaves, widest)
    if above is None:
        return None
    return FabricSize(
        units=units,
        tree=above,
        offsets=(0, *accumulate(unit.leaves for unit in units)),
        built_leaves=leaves,
        last_downlink=ask.split * ask.whole_cages(ask.ports - above.uplinks),
        first_uplink=ask.ports - above.uplinks + 1,
    )


def _tree(ask: FabricAsk, units: tuple[UnitLayout, ...], leaves: int, widest: int) -> Tree | None:
    downlinks = max(unit.downlinks for unit in units)
    fewest = ceil(Fraction(downlinks, ask.split) / ask.oversubscription)
    uplinks = range(fewest, ask.ports - ask.ports_below(downlinks) + 1)
    if ask.tiers == 2 or (ask.tiers == "auto" and leaves <= ask.ports):
        return tree.two_tiers(leaves, uplinks, ask.ports) if leaves <= ask.ports else None
    grouping = ask.grouping or tree.group(
        ask.shape, units=ask.built_units, leaves=widest, ports=ask.ports
    )
    sets = -(-widest // grouping.leaves)
    if not _joined(ask, grouping, sets):
        return None
    return tree.three_tiers(
        units=ask.built_units, grouping=grouping, sets=sets, uplinks=uplinks, ports=ask.ports
    )


def _joined(ask: FabricAsk, grouping: Grouping, sets: int) -> bool:
    blocks = -(-ask.built_units // grouping.units)
    fits = grouping.units * grouping.leaves <= ask.ports // 2
    return fits and blocks * sets <= tree.most_groups(ask.ports)


def most_units(ask: FabricAsk, tiers: int) -> int:
    """Return how many units, each with as many leaves as the widest, `tiers` tiers can join."""
    widest = max(lay_out(ask, unit).leaves for unit in ask.units)
    if tiers == 2:
        return ask.ports // widest
    if ask.grouping:
        grouping = ask.grouping
    elif ask.shape == "rail-optimised":
        grouping = Grouping(units=ask.ports // 2, leaves=1)
    else:
        grouping = tree.group(ask.shape, units=ask.ports**2, leaves=widest, ports=ask.ports)
    sets = -(-widest // grouping.leaves)
    return tree.most_groups(ask.ports) // sets * grouping.units
