"""Nodes that get other numbers because their unit's groups before them are of another size.

An index is counted through the groups of a unit. So a group that grows or shrinks, or is new, moves
all that follow it, and with their numbers their names, addresses and ports.
"""

from collections import Counter
from collections.abc import Iterator

from clusterwright.model.facility import Group, ScalableUnit
from clusterwright.model.site import Site

Identity = tuple[str, str, int]
"""A group's server, its first rack, and how many such are before it in its unit."""


def find_renumbered(old: Site, new: Site) -> Iterator[str]:
    """Yield a sentence for each unit whose nodes are renumbered, with what keeps their numbers."""
    before = {unit.name: unit for unit in old.compute}
    for unit in new.compute:
        if unit.name in before:
            yield from _of_unit(before[unit.name], unit)


def _of_unit(old: ScalableUnit, new: ScalableUnit) -> Iterator[str]:
    was, becomes = _firsts(old), _firsts(new)
    moved = [key for key in was if becomes.get(key, was[key])[0] != was[key][0]]
    if not moved:
        return
    first, to = was[moved[0]][0], becomes[moved[0]][0]
    nodes = sum(was[key][1].count for key in moved)
    place, (fault, remedy) = _cause(old, new)
    yield (
        f"compute.{new.name}.groups[{place}]: {fault}, which renumbers the {nodes} nodes behind: "
        f"{new.name}-n{first} becomes {new.name}-n{to}. {remedy}"
    )


def _firsts(unit: ScalableUnit) -> dict[Identity, tuple[int, Group]]:
    """Return the first index of each group."""
    seen: Counter[tuple[str, str]] = Counter()
    firsts = {}
    for group, indices in zip(unit.groups, unit.indices, strict=True):
        key = (group.server, group.racks[0])
        firsts[*key, seen[key]] = (indices.start, group)
        seen[key] += 1
    return firsts


def _cause(old: ScalableUnit, new: ScalableUnit) -> tuple[int, tuple[str, str]]:
    """Return which group moves the others, what is otherwise, and what to write instead."""
    for place, (was, becomes) in enumerate(zip(old.groups, new.groups, strict=False)):
        if (was.server, was.racks[0]) != (becomes.server, becomes.racks[0]):
            return place, (
                "another group stands here",
                f"Write new groups at the end of {new.name}, and leave the place of one that goes "
                f"to holes: they keep the others' numbers",
            )
        if becomes.places > was.places:
            return place, _grown(old, was.places, becomes.places - was.places)
        if becomes.places < was.places:
            return place, (
                f"it has {becomes.places} places instead of {was.places}",
                f"Write build_for: {was.places} on it, which keeps them",
            )
    return len(new.groups) - 1, ("groups follow in another order", "Write them as they were")


def _grown(old: ScalableUnit, places: int, more: int) -> tuple[str, str]:
    room = old.build_for - sum(group.places for group in old.groups)
    larger = f", and build_for: {old.build_for + more - room} on the unit" if more > room else ""
    return (
        f"it has {places + more} places instead of {places}",
        f"Leave it at {places}, and write a further group of {more} at the end of "
        f"{old.name}{larger}; where nothing stands yet, write build_for: {places + more} on it in "
        "both definitions",
    )
