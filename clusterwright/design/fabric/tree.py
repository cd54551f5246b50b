"""The arithmetic of folded Clos networks: how many switches stand above the leaves.

All switches have the same number of ports. A *group* is the leaves that share spines; in two
tiers it is all of them. A *core group* is the cores that share spines: those at equal places in
every group.
"""

from dataclasses import dataclass

from clusterwright.design.fabric.ask import Grouping, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What stands above the leaves of one plane.

    In two tiers all leaves are one group, and the figures of the third tier are 0.
    """

    uplinks: int
    """Of a leaf."""
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
        return 3 if self.cores else 2

    @property
    def links_per_spine(self) -> int:
        """Parallel links between a leaf and each spine of its group."""
        return self.uplinks // self.spines

    @property
    def links_per_core(self) -> int:
        """Parallel links between a spine and each core of its core group."""
        return self.spine_uplinks // self.cores if self.cores else 0


def smallest_divisor(number: int, *, at_least: int) -> int | None:
    """Return the divisor rule's answer: links spread evenly over a divisor of their number only."""
    return next((n for n in range(max(1, at_least), number + 1) if number % n == 0), None)


def spread(leaves: int, uplinks: range, room: int) -> tuple[int, int]:
    """Return the uplinks of each leaf and the number of spines that have `room` for leaves each.

    The fewest uplinks are taken, unless their number divides so badly (a prime, say) that half as
    many spines again are needed: then so many more that it does not.
    """
    rest: list[tuple[int, int]] = []
    for count in uplinks:
        least = -(-leaves * count // room)
        spines = smallest_divisor(count, at_least=least) or count
        if 2 * spines <= 3 * least:
            return count, spines
        rest.append((spines, count))
    spines, count = min(rest)
    return count, spines


def two_tiers(leaves: int, uplinks: range, ports: int) -> Tree:
    """Return the tree over `leaves`, which are at most `ports`."""
    count, spines = spread(leaves, uplinks, ports)
    return Tree(uplinks=count, spines=spines)


def three_tiers(*, units: int, grouping: Grouping, sets: int, uplinks: range, ports: int) -> Tree:
    """Return the tree whose groups are full as built for, and equal, so that they can fill up.

    Spines are never oversubscribed: as many links go up from one as come from below, or more
    where that saves cores.
    """
    groups = -(-units // grouping.units) * sets
    leaves = grouping.units * grouping.leaves
    count, spines = spread(leaves, uplinks, ports // 2)
    below = leaves * count // spines
    spine_uplinks, core_groups, cores = _cores(groups, spines, below, ports)
    return Tree(
        uplinks=count,
        grouping=grouping,
        sets=sets,
        groups=groups,
        spines=spines,
        spine_uplinks=spine_uplinks,
        core_groups=core_groups,
        cores=cores,
    )


def _cores(groups: int, spines: int, below: int, ports: int) -> tuple[int, int, int]:
    """Return uplinks per spine, core groups, and cores in each, so that cores are fewest.

    Among equals the fewest links win, then the most core groups.
    """
    options = []
    for up in range(below, ports - below + 1):
        for core_groups in (n for n in range(1, spines + 1) if spines % n == 0):
            links = groups * (spines // core_groups) * up
            cores = smallest_divisor(up, at_least=-(-links // ports))
            if cores:
                options.append((core_groups * cores, up, -core_groups))
    total, up, negative = min(options)
    return up, -negative, total // -negative


def most_groups(ports: int) -> int:
    """Return how many groups three tiers join: a core has a port for each."""
    return ports


def group(shape: Shape, *, units: int, leaves: int, ports: int) -> Grouping:
    """Return which leaves share spines in three tiers; `leaves` are those of a unit.

    By rail: as many units as possible, so that a rail crosses the core only where it must; then
    as many of their rails. By node: whole units, then as many as possible.
    """
    room = ports // 2
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
