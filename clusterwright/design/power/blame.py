"""Whom to blame where a rack takes too much, and how many fewer would do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from clusterwright.design.culprits import Remedy, fewer_per_rack
from clusterwright.design.occupant import Occupant
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprits:
    """Equal devices of one rack, of which there are too many."""

    devices: Sequence[Occupant]
    others: Sequence[Occupant]

    @property
    def path(self) -> DefinitionPath:
        return self.devices[0].path

    @property
    def counted(self) -> bool:
        """Whether the definition says how many there are."""
        return self.devices[0].spread is not None

    def named(self, rack: str, verb: str) -> str:
        """Begin the sentence about them: `verb` fits many devices."""
        others = len(self.others)
        also = f" and {others} other device{'s' * (others != 1)}" if others else ""
        return f"{len(self.devices)} × {self.devices[0].model}{also} in rack {rack} {verb}"


def culprits(inside: Sequence[Occupant]) -> Culprits:
    """Choose the devices to reduce: those that are counted first, then those that draw most."""
    groups: dict[tuple[str, DefinitionPath], list[Occupant]] = {}
    for one in inside:
        groups.setdefault((one.model, one.path), []).append(one)
    chosen = max(
        groups.values(),
        key=lambda group: (
            group[0].spread is not None,
            sum(one.power_watts for one in group),
            len(group),
        ),
    )
    names = {one.name for one in chosen}
    return Culprits(devices=chosen, others=[one for one in inside if one.name not in names])


def most_that_fit(
    culprits: Culprits, inside: Sequence[Occupant], fits: Callable[[Sequence[Occupant]], bool]
) -> int:
    """Return the largest number of the culprits, from the first on, with which all is well."""
    for count in range(len(culprits.devices) - 1, 0, -1):
        gone = {one.name for one in culprits.devices[count:]}
        if fits([one for one in inside if one.name not in gone]):
            return count
    return 0


def fewer(loaded: LoadedSite, culprits: Culprits, rack: str, fit: int) -> Remedy:
    """Ask for as many nodes of a group as leave each of its racks with at most `fit`."""
    path, spread = culprits.path, culprits.devices[0].spread
    if not spread or not fit:
        return ()
    group = loaded.site.compute[int(path[1])].groups[int(path[3])]
    return fewer_per_rack(spread, fit // max(1, group.racks.count(rack)))


def agree(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Give all problems that would change one thing the remedy that helps them all.

    That is the lowest number of nodes, the most shelves and the longest list of feeds.
    """
    best: dict[DefinitionPath, str] = {}
    for problem in problems:
        for path, value in problem.remedy:
            known = best.get(path, value)
            if path[-2:] == ("shelves", "count"):
                best[path] = max(known, value, key=int)
            elif path[-1] in {"count", "build_for"}:
                best[path] = min(known, value, key=int)
            elif path[-1] == "feeds":
                best[path] = max(known, value, key=len)
    for problem in problems:
        remedy = tuple((path, best.get(path, value)) for path, value in problem.remedy)
        yield replace(problem, remedy=remedy)
