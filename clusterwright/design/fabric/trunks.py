"""The links between switches of a folded Clos network, whatever its switches are called."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from clusterwright.design.fabric.tree import Tree
from clusterwright.design.plan import LinkEnd


class Rising(NamedTuple):
    """A leaf with its uplinks: as many to each spine of its `group`.

    `first` is the port, from 0, at which they begin on each spine.
    """

    leaf: str
    ports: Sequence[str]
    group: int
    first: int


def leaf_spine(
    leaves: Iterable[Rising], spines: Sequence[Sequence[str]], names: Sequence[str]
) -> Iterator[tuple[LinkEnd, LinkEnd]]:
    """Yield links leaf by leaf; `spines` by group, `names` those of a spine's ports."""
    for leaf in leaves:
        above = spines[leaf.group]
        parallel = len(leaf.ports) // len(above)
        for link, port in enumerate(leaf.ports):
            spine, k = divmod(link, parallel)
            yield (
                LinkEnd(device=leaf.leaf, port=port),
                LinkEnd(device=above[spine], port=names[leaf.first + k]),
            )


def spine_core(
    tree: Tree,
    groups: Iterable[int],
    spines: Sequence[Sequence[str]],
    cores: Sequence[str],
    names: Sequence[str],
) -> Iterator[tuple[LinkEnd, LinkEnd]]:
    """Yield links spine by spine: a core group takes the spines at equal places in groups."""
    parallel, together = tree.links_per_core, tree.spines // tree.core_groups
    first_up = len(names) - tree.spine_uplinks
    for group in groups:
        for number, spine in enumerate(spines[group]):
            core_group, within = divmod(number, together)
            place = group * together + within
            for link in range(tree.spine_uplinks):
                core, k = divmod(link, parallel)
                above = cores[core_group * tree.cores + core]
                yield (
                    LinkEnd(device=spine, port=names[first_up + link]),
                    LinkEnd(device=above, port=names[place * parallel + k]),
                )
