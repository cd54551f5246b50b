"""The arithmetic of folded Clos networks: how many switches stand above the leaves.

Spines and cores have the same number of ports. A *group* is the leaves that share spines; in two
tiers it is all of them. A *core group* is the cores that share spines: those at equal places in
every group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, gcd

from clusterwright.design.fabric.ask import Above, Grouping, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What stands above the leaves of one plane.

    In two tiers all leaves are one group, and the figures of the third tier are 0. In one tier
    there are no spines: a leaf's uplinks go to the other leaf, if there is one.
    """

    uplinks: int
    """Of a leaf."""
    pool_uplinks: int = 0
    """Of a leaf that storage servers have for themselves."""
    spines: int
    """Of a group."""
    groups: int = 1
    sets: int = 1
    """Groups that the leaves of one unit belong to."""
    grouping: Grouping | None = None
    spine_uplinks: int = 0
    core_groups: int = 0
    cores: int = 0
    """Of a core group."""

    @property
    def tiers(self) -> int:
        if self.cores:
            return 3
        return 2 if self.spines else 1

    @property
    def links_per_spine(self) -> int:
        """Parallel links between a leaf and each spine of its group."""
        return self.uplinks // self.spines if self.spines else self.uplinks

    @property
    def pool_links_per_spine(self) -> int:
        """The same of a leaf of storage servers."""
        return self.pool_uplinks // self.spines if self.spines else 0

    @property
    def links_per_core(self) -> int:
        """Parallel links between a spine and each core of its core group."""
        return self.spine_uplinks // self.cores if self.cores else 0


def smallest_divisor(number: int, *, at_least: int) -> int | None:
    """Return the divisor rule's answer: links spread evenly over a divisor of their number only."""
    return next((n for n in range(max(1, at_least), number + 1) if number % n == 0), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Equal leaves, and how many uplinks each of them may have, fewest first."""

    leaves: int
    uplinks: range


def spread(
    loads: Sequence[Load], room: int, least_spines: int = 1
) -> tuple[tuple[int, ...], int] | None:
    """Return the uplinks of each leaf, by load, and how many spines with that room stand above.

    The fewest uplinks are taken, unless their number divides so badly (a prime, say) that half as
    many spines again are needed: then so many more that it does not.
    """
    rest: list[tuple[int, tuple[int, ...]]] = []
    for counts in product(*(load.uplinks for load in loads)):
        links = sum(load.leaves * count for load, count in zip(loads, counts, strict=True))
        least = max(least_spines, -(-links // room))
        spines = smallest_divisor(gcd(*counts), at_least=least)
        if spines and 2 * spines <= 3 * least:
            return counts, spines
        if spines:
            rest.append((spines, counts))
    if not rest:
        return None
    spines, counts = min(rest)
    return counts, spines


def one_tier(leaves: int, uplinks: range) -> Tree | None:
    """Return the tree of a single leaf, or of two that are joined without a spine."""
    if leaves == 1:
        return Tree(uplinks=0, spines=0)
    return Tree(uplinks=uplinks[0], spines=0) if uplinks else None


def two_tiers(loads: Sequence[Load], spine: Above) -> Tree | None:
    """Return the tree over all leaves, or nothing where a spine cannot reach them all."""
    found = spread(loads, spine.ports, spine.least_spines)
    if found is None:
        return None
    (uplinks, *pool), spines = found
    return Tree(uplinks=uplinks, pool_uplinks=pool[0] if pool else 0, spines=spines)


def three_tiers(  # noqa: PLR0913 - what stands below, and what a switch has
    *, units: int, grouping: Grouping, sets: int, uplinks: range, spine: Above, kept: int = 0
) -> Tree | None:
    """Return the tree whose groups are full as built for, and equal, so that they can fill up.

    As many links go up from a spine as its oversubscription takes, or more where that saves cores.
    `kept` ports of each core lead elsewhere.
    """
    groups = -(-units // grouping.units) * sets
    leaves = grouping.units * grouping.leaves
    found = spread([Load(leaves=leaves, uplinks=uplinks)], spine.room, spine.least_spines)
    if found is None:
        return None
    (count,), spines = found
    below = leaves * count // spines
    fewest = ceil(below / spine.oversubscription)
    above = _cores(groups, spines, range(fewest, spine.ports - below + 1), spine.ports - kept)
    if above is None:
        return None
    spine_uplinks, core_groups, cores = above
    return Tree(
        uplinks=count,
        pool_uplinks=count,
        grouping=grouping,
        sets=sets,
        groups=groups,
        spines=spines,
        spine_uplinks=spine_uplinks,
        core_groups=core_groups,
        cores=cores,
    )


def _cores(groups: int, spines: int, uplinks: range, ports: int) -> tuple[int, int, int] | None:
    """Return uplinks per spine, core groups, and cores in each, so that cores are fewest.

    Among equals the fewest links win, then the most core groups.
    """
    options = []
    for up in uplinks:
        for core_groups in (n for n in range(1, spines + 1) if spines % n == 0):
            links = groups * (spines // core_groups) * up
            cores = smallest_divisor(up, at_least=-(-links // ports))
            if cores:
                options.append((core_groups * cores, up, -core_groups))
    if not options:
        return None
    total, up, negative = min(options)
    return up, -negative, total // -negative


def most_groups(ports: int) -> int:
    """Return how many groups three tiers join: a core has a port for each."""
    return ports


def group(shape: Shape, *, units: int, leaves: int, room: int) -> Grouping:
    """Return which leaves share spines in three tiers; `leaves` are those of a unit.

    A spine has `room` for so many.

    By rail: as many units as possible, so that a rail crosses the core only where it must; then
    as many of their rails. By node: whole units, then as many as possible.
    """
    if shape == "rail-optimised":
        if units > room:
            return Grouping(units=_evenly(units, room), leaves=1)
        fit = (n for n in range(leaves, 0, -1) if leaves % n == 0 and n * units <= room)
        return Grouping(units=units, leaves=next(fit))
    together = _evenly(leaves, room)
    return Grouping(units=_evenly(units, room // together), leaves=together)


def _evenly(number: int, most: int) -> int:
    """Split `number` into the fewest parts of at most `most`; return the largest part."""
    parts = -(-number // most)
    return -(-number // parts)
