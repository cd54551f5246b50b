"""Racks that a group shares with what stands above it, or is plugged in after it.

Design does not know what stood first. A group that grows there would move the others' rack units
and cords, so it has to say for how many nodes they are kept. What is not its unit's last group does
not grow without saying so, because that would rename the nodes after it.
"""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.seats import Spread
from clusterwright.design.space.elevation import from_floor
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite


def find_sharing_problems(
    loaded: LoadedSite, by_rack: Mapping[str, Sequence[Occupant]]
) -> Iterator[Problem]:
    """Yield each group that may grow, and would move something in a rack that it shares."""
    said: set[DefinitionPath] = set()
    for rack, inside in by_rack.items():
        for spread in {one.spread.path: one.spread for one in inside if one.spread}.values():
            if spread.built or spread.path in said or _more(loaded, spread) <= 0:
                continue
            other = _moved_by(loaded, spread, inside)
            if other:
                said.add(spread.path)
                yield _unsaid(loaded, rack, spread, other)


def _moved_by(loaded: LoadedSite, spread: Spread, inside: Sequence[Occupant]) -> Occupant | None:
    """Return the first device above the group's nodes, or with its cords after theirs."""
    order = [one for one in from_floor(inside) if not one.built_in]
    mine = [k for k, one in enumerate(order) if _of(one, spread)]
    above = [one for one in order[mine[0] :] if not _of(one, spread)] if mine else []
    nodes = [one for one in inside if one.spread]
    first = next((k for k, one in enumerate(nodes) if _of(one, spread)), len(nodes))
    after = [one for one in nodes[first:] if not _of(one, spread)]
    unit = spread.path[1]
    last = len(loaded.site.compute[int(unit)].groups) - 1 == spread.path[3]
    moved = (*after, *above)
    return next((o for o in moved if last or (o.spread and o.spread.path[1] == unit)), None)


def _of(one: Occupant, spread: Spread) -> bool:
    return one.spread is not None and one.spread.path == spread.path


def _more(loaded: LoadedSite, spread: Spread) -> int:
    """Return how many more nodes the group's unit is built for."""
    unit = loaded.site.compute[int(spread.path[1])]
    return unit.build_for - sum(group.places for group in unit.groups)


def _unsaid(loaded: LoadedSite, rack: str, spread: Spread, other: Occupant) -> Problem:
    path, unit = (*spread.path, "build_for"), loaded.site.compute[int(spread.path[1])]
    most = spread.count + _more(loaded, spread)
    server = unit.groups[int(spread.path[3])].server
    return Problem(
        path=path,
        value="",
        rule=f"{spread.count} × {server} in rack {rack} with {other.name}, which would move if "
        f"there were more, and {unit.name} is built for more: say how many there may be, "
        f"{spread.count} to {most}",
        remedy=((path, str(spread.count)),),
    )
