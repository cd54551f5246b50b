"""Which port of which switch is joined to which: the links between switches, in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.size import FabricSize
from clusterwright.design.fabric.switches import (
    core_name,
    gap_name,
    leaf_name,
    places_below,
    pool_leaf_name,
    spine_name,
)
from clusterwright.design.fabric.trunks import Rising, leaf_spine, spine_core
from clusterwright.design.plan import LinkEnd

Leaf = tuple[str, int, int, int]
"""Its name, its group, its first port on each spine (from 0), and its links to each spine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """A sized fabric with the names that its switches' ports have on their front panel.

    `port_names` are those of a leaf's ports between switches, `spine_names` of a spine's or core's.
    `split_names` are those of ports towards nodes and guests, `pool_split_names` towards storage.
    """

    ask: FabricAsk
    size: FabricSize
    port_names: Sequence[str]
    spine_names: Sequence[str]
    split_names: Sequence[str]
    pool_split_names: Sequence[str]

    def node_end(self, unit: int, index: int, rail: int, plane: int) -> LinkEnd:
        """Return where a node's port goes; `unit` counts from 0, the others from 1."""
        return self._leaf_end(unit, plane, *self.size.units[unit].node_port(index, rail))

    def guest_end(self, unit: int, ordinal: int, plane: int, offset: int = 0) -> LinkEnd:
        """Return where port `offset` of a guest's plug goes; `ordinal` counts the unit's plugs."""
        leaf, port = self.size.units[unit].guest_port(ordinal, self.size.last_downlink)
        return self._leaf_end(unit, plane, leaf, port + offset)

    def _leaf_end(self, unit: int, plane: int, leaf: int, port: int) -> LinkEnd:
        name = leaf_name(self.ask, self.ask.units[unit].name, plane, leaf)
        return LinkEnd(device=name, port=self.split_names[port - 1])

    def pool_end(self, ordinal: int) -> LinkEnd:
        """Return where a port of a storage server goes; `ordinal` counts all of them from 0."""
        if self.size.pool is None:
            raise ValueError("the fabric has no leaves of storage")
        leaf, port = self.size.pool.port(ordinal)
        name = pool_leaf_name(self.ask, leaf)
        return LinkEnd(device=name, port=self.pool_split_names[port - 1])

    def leaf_leaf(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield the links between the two leaves of a fabric without spines."""
        one, *others = [leaf for leaf, _, _, _ in self._leaves(plane)]
        names, tree = self.port_names, self.size.tree
        for other in others if tree.tiers == 1 else ():
            for port in names[len(names) - tree.uplinks :]:
                yield LinkEnd(device=one, port=port), LinkEnd(device=other, port=port)

    def leaf_spine(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield links leaf by leaf; a leaf's place in its group is its place on every spine."""
        yield from self._up(plane, self._leaves(plane))

    def leaf_spine_to_come(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield the same of leaves that units to come will bring."""
        yield from self._up(plane, self._leaves_to_come(plane))

    def _up(self, plane: int, leaves: Iterable[Leaf]) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        if self.size.tree.tiers == 1:
            return
        names, spines = self.port_names, self.size.tree.spines
        rising = (
            Rising(leaf, names[self.ask.ports - each * spines :], group, first)
            for leaf, group, first, each in leaves
        )
        yield from leaf_spine(rising, self._spines(plane), self.spine_names)

    def _leaves(self, plane: int) -> Iterator[Leaf]:
        size, each = self.size, self.size.tree.links_per_spine
        for unit, layout in enumerate(size.units):
            for number in range(layout.leaves):
                leaf = leaf_name(self.ask, self.ask.units[unit].name, plane, number)
                group, place = size.place(unit, number)
                yield leaf, group, place * each, each
        each = size.tree.pool_links_per_spine
        for number in range(size.pool.leaves if size.pool else 0):
            group, place = size.pool_place(number)
            from_end = size.tree.grouping is None
            first = self.ask.spine.ports - (place + 1) * each if from_end else place * each
            yield pool_leaf_name(self.ask, number), group, first, each

    def _leaves_to_come(self, plane: int) -> Iterator[Leaf]:
        size, each = self.size, self.size.tree.links_per_spine
        widest, first = max(unit.leaves for unit in size.units), size.offsets[-1]
        for number in range(size.built_leaves - first):
            unit, leaf = len(size.units) + number // widest, number % widest
            in_tiers = size.tree.grouping is None
            group, place = (0, first + number) if in_tiers else size.place(unit, leaf)
            if group < max(1, size.tree.groups):
                yield gap_name(self.ask, size, plane, first + number), group, place * each, each

    def spine_core(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield links spine by spine: a core group takes the spines at equal places in groups."""
        yield from self._to_cores(plane, self.size.occupied_groups)

    def spine_core_to_come(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield the same of groups that have no leaf yet."""
        there = set(self.size.occupied_groups)
        yield from self._to_cores(
            plane, [g for g in range(self.size.tree.groups) if g not in there]
        )

    def _to_cores(self, plane: int, groups: Sequence[int]) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        size = self.size
        if size.tree.tiers == 3:
            cores = [core_name(self.ask, plane, ordinal) for ordinal in range(size.cores)]
            yield from spine_core(size.tree, groups, self._spines(plane), cores, self.spine_names)

    def _spines(self, plane: int) -> list[list[str]]:
        """Return the spines of each group; those that are to come by their places."""
        size, each = self.size, self.size.tree.spines
        there, first = set(size.occupied_groups), places_below(size)
        return [
            [
                spine_name(self.ask, size, plane, group, spine)
                if group in there
                else gap_name(self.ask, size, plane, first + group * each + spine)
                for spine in range(each)
            ]
            for group in range(size.tree.groups)
        ]


def wire(ask: FabricAsk, size: FabricSize) -> Wiring:
    """Return the fabric with its ports named."""
    split = ask.pool.split if ask.pool else 1
    return Wiring(
        ask=ask,
        size=size,
        port_names=name_ports(ask.ports, ask.cage_ports),
        spine_names=name_ports(ask.spine.ports, ask.spine.cage_ports),
        split_names=name_ports(ask.ports * ask.split, ask.cage_ports * ask.split),
        pool_split_names=name_ports(ask.ports * split, ask.cage_ports * split),
    )


def name_ports(count: int, per_cage: int) -> tuple[str, ...]:
    """Name a switch's ports as its front panel does: cage/port, both from 1."""
    if per_cage == 1:
        return tuple(str(number) for number in range(1, count + 1))
    return tuple(f"{number // per_cage + 1}/{number % per_cage + 1}" for number in range(count))
