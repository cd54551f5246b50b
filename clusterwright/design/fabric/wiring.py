"""Which port of which switch is joined to which: the links between switches, in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.design.fabric.ask import FabricAsk
from clusterwright.design.fabric.size import FabricSize
from clusterwright.design.fabric.switches import core_name, leaf_name, spine_name
from clusterwright.design.plan import LinkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """A sized fabric with the names that its switches' ports have on their front panel.

    `split_names` are those of ports towards nodes and guests.
    """

    ask: FabricAsk
    size: FabricSize
    port_names: Sequence[str]
    split_names: Sequence[str]

    def node_end(self, unit: int, index: int, rail: int, plane: int) -> LinkEnd:
        """Return where a node's port goes; `unit` counts from 0, the others from 1."""
        return self._leaf_end(unit, plane, *self.size.units[unit].node_port(index, rail))

    def guest_end(self, unit: int, ordinal: int, plane: int) -> LinkEnd:
        """Return where a guest's port goes; `ordinal` counts the unit's guest ports from 0."""
        last = self.size.last_downlink
        return self._leaf_end(unit, plane, *self.size.units[unit].guest_port(ordinal, last))

    def _leaf_end(self, unit: int, plane: int, leaf: int, port: int) -> LinkEnd:
        name = leaf_name(self.ask, self.ask.units[unit].name, plane, leaf)
        return LinkEnd(device=name, port=self.split_names[port - 1])

    def leaf_spine(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield links leaf by leaf; a leaf's place in its group is its place on every spine."""
        size, tree, names = self.size, self.size.tree, self.port_names
        parallel = tree.links_per_spine
        spines = self._spines(plane)
        for unit, layout in enumerate(size.units):
            for number in range(layout.leaves):
                leaf = leaf_name(self.ask, self.ask.units[unit].name, plane, number)
                group, place = size.place(unit, number)
                for link in range(tree.uplinks):
                    spine, k = divmod(link, parallel)
                    yield (
                        LinkEnd(device=leaf, port=names[size.first_uplink - 1 + link]),
                        LinkEnd(device=spines[group][spine], port=names[place * parallel + k]),
                    )

    def spine_core(self, plane: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
        """Yield links spine by spine: a core group takes the spines at equal places in groups."""
        size, tree, names = self.size, self.size.tree, self.port_names
        if tree.tiers == 2:
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
    return Wiring(
        ask=ask,
        size=size,
        port_names=name_ports(ask.ports, ask.cage_ports),
        split_names=name_ports(ask.ports * ask.split, ask.cage_ports * ask.split),
    )


def name_ports(count: int, per_cage: int) -> tuple[str, ...]:
    """Name a switch's ports as its front panel does: cage/port, both from 1."""
    if per_cage == 1:
        return tuple(str(number) for number in range(1, count + 1))
    return tuple(f"{number // per_cage + 1}/{number % per_cage + 1}" for number in range(count))
