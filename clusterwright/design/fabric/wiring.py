"""Which port of which switch is joined to which: the links between switches, in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.size import FabricSize
from clusterwright.design.fabric.switches import core_name, leaf_name, pool_leaf_name, spine_name
from clusterwright.design.plan import LinkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """A sized fabric with the names that its switches' ports have on their front panel.

    `split_names` are those of ports towards nodes and guests, `pool_split_names` towards storage.
    """

    ask: FabricAsk
    size: FabricSize
    port_names: Sequence[str]
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
        if self.size.tree.tiers == 1:
            return
        names, spines = self.port_names, self._spines(plane)
        for leaf, group, first, parallel in self._leaves(plane):
            uplinks = parallel * self.size.tree.spines
            for link in range(uplinks):
                spine, k = divmod(link, parallel)
                yield (
                    LinkEnd(device=leaf, port=names[self.ask.ports - uplinks + link]),
                    LinkEnd(device=spines[group][spine], port=names[first + k]),
                )

    def _leaves(self, plane: int) -> Iterator[tuple[str, int, int, int]]:
        """Yield name, group, first port on each spine (from 0), and links to each spine."""
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
            first = self.ask.ports - (place + 1) * each if from_end else place * each
            yield pool_leaf_name(self.ask, number), group, first, each

    def spine_core(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield links spine by spine: a core group takes the spines at equal places in groups."""
        size, tree, names = self.size, self.size.tree, self.port_names
        if tree.tiers < 3:
            return
        parallel, together = tree.links_per_core, tree.spines // tree.core_groups
        first_up = self.ask.ports - tree.spine_uplinks
        spines = self._spines(plane)
        cores = [core_name(self.ask, plane, ordinal) for ordinal in range(size.cores)]
        for group in size.occupied_groups:
            for number, spine in enumerate(spines[group]):
                core_group, within = divmod(number, together)
                place = group * together + within
                for link in range(tree.spine_uplinks):
                    core, k = divmod(link, parallel)
                    yield (
                        LinkEnd(device=spine, port=names[first_up + link]),
                        LinkEnd(
                            device=cores[core_group * tree.cores + core],
                            port=names[place * parallel + k],
                        ),
                    )

    def _spines(self, plane: int) -> list[list[str]]:
        tree = self.size.tree
        return [
            [spine_name(self.ask, self.size, plane, group, spine) for spine in range(tree.spines)]
            for group in range(tree.groups)
        ]


def wire(ask: FabricAsk, size: FabricSize) -> Wiring:
    """Return the fabric with its ports named."""
    split = ask.pool.split if ask.pool else 1
    return Wiring(
        ask=ask,
        size=size,
        port_names=name_ports(ask.ports, ask.cage_ports),
        split_names=name_ports(ask.ports * ask.split, ask.cage_ports * ask.split),
        pool_split_names=name_ports(ask.ports * split, ask.cage_ports * split),
    )


def name_ports(count: int, per_cage: int) -> tuple[str, ...]:
    """Name a switch's ports as its front panel does: cage/port, both from 1."""
    if per_cage == 1:
        return tuple(str(number) for number in range(1, count + 1))
    return tuple(f"{number // per_cage + 1}/{number % per_cage + 1}" for number in range(count))
