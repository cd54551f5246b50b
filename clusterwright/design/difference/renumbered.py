"""Nodes that move because their unit's groups are of another size than they were.

An index is counted through the groups of a unit. So a group that grows or shrinks, or is new, moves
all that follow it, and with their numbers their names, addresses and ports. What a unit is built
for and no group has is kept for its last group: one that follows it takes that away.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clusterwright.design.racks import list_racks
from clusterwright.design.seats import Spread, list_seats
from clusterwright.load import LoadedSite
from clusterwright.model.facility import Group, ScalableUnit

Identity = tuple[str, str, int]
"""A group's server, its first rack, and how many such are before it in its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the old definition, and how its last group is spread over its racks."""

    defined: ScalableUnit
    spread: Spread | None

    @property
    def last(self) -> str:
        return f"groups[{len(self.defined.groups) - 1}]"

    @property
    def kept(self) -> int:
        """How many places its last group has, those that nobody has said included."""
        last, spread = self.defined.groups[-1], self.spread
        if last.build_for or spread is None:
            return last.places
        others = sum(group.places for group in self.defined.groups[:-1])
        return min(spread.share * spread.racks, self.defined.build_for - others)

    @property
    def free(self) -> int:
        """How many places a further group may have."""
        others = sum(group.places for group in self.defined.groups[:-1])
        return self.defined.build_for - others - self.kept


def find_renumbered(old: LoadedSite, new: LoadedSite) -> Iterator[str]:
    """Yield a sentence for each unit whose nodes move so, with what keeps them where they are."""
    spreads = _last_spreads(old), _last_spreads(new)
    before = {unit.name: unit for unit in old.site.compute}
    for becomes in new.site.compute:
        name, was = becomes.name, before.get(becomes.name)
        if was:
            unit = Unit(defined=was, spread=spreads[0].get((name, len(was.groups) - 1)))
            yield from _renumbered(unit, becomes)
            yield from _spread_anew(unit, becomes, spreads[1].get((name, len(was.groups) - 1)))


def _last_spreads(loaded: LoadedSite) -> Mapping[tuple[str, int], Spread]:
    """Return how each group that has a node is spread, by its unit and its place there."""
    seats = list_seats(loaded, list_racks(loaded))
    return {(seat.unit, int(seat.spread.path[3])): seat.spread for seat in seats}


def _renumbered(old: Unit, new: ScalableUnit) -> Iterator[str]:
    was, becomes = _firsts(old.defined), _firsts(new)
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


def _cause(old: Unit, new: ScalableUnit) -> tuple[int, tuple[str, str]]:
    """Return which group moves the others, what is otherwise, and what to write instead."""
    for place, (was, becomes) in enumerate(zip(old.defined.groups, new.groups, strict=False)):
        if (was.server, was.racks[0]) != (becomes.server, becomes.racks[0]):
            return place, (
                "another group stands here",
                f"Write new groups at the end of {new.name}{_after_last(old)}, and leave the "
                "nodes of one that goes to holes",
            )
        if becomes.places > was.places:
            return place, _grown(old, was, becomes.places - was.places)
        if becomes.places < was.places:
            return place, (
                f"it has {becomes.places} places instead of {was.places}",
                f"Write build_for: {was.places} on it, which keeps them",
            )
    return len(new.groups) - 1, ("groups follow in another order", "Write them as they were")


def _grown(old: Unit, group: Group, more: int) -> tuple[str, str]:
    places, last = group.places, old.defined.groups[-1]
    if last.server == group.server and last.count + more <= old.kept:
        instead = f", and raise the last group, {old.last}, to count: {last.count + more}"
    elif more <= old.free:
        instead = (
            f", and write a further group of {more} at the end of {old.defined.name}"
            f"{_after_last(old)}"
        )
    else:
        instead = f": {old.defined.name} is built for no {more} more, so write a further unit"
    return (
        f"it has {places + more} places instead of {places}",
        f"Leave it at {places}{instead}; where nothing stands yet, write build_for: "
        f"{places + more} on it in both definitions",
    )


def _after_last(old: Unit) -> str:
    """Say what keeps the last group where it stands when another follows."""
    last = old.defined.groups[-1]
    return "" if last.build_for else f", with build_for: {old.kept} on {old.last} before them"


def _spread_anew(old: Unit, new: ScalableUnit, spread: Spread | None) -> Iterator[str]:
    place = len(old.defined.groups) - 1
    if len(new.groups) <= place + 1 or old.spread is None or spread is None:
        return
    if old.defined.groups[-1].racks == new.groups[place].racks and spread.share < old.spread.share:
        yield (
            f"compute.{new.name}.{old.last}: {old.spread.share} of its nodes were kept in each "
            f"rack as long as it was the last of {new.name}; now that a group follows it is "
            f"{spread.share}, which moves nodes. Write build_for: {old.kept} on it"
        )
