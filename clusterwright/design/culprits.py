"""Who is to blame where something holds too much, and how many fewer would do."""

from collections.abc import Callable, Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.design.seats import Spread
from clusterwright.errors import DefinitionPath, Problem

Remedy = tuple[tuple[DefinitionPath, str], ...]
Way = tuple[str, Remedy]
"""What would help, in words, and the edit that does it."""
NOWHERE = "use more racks, as no single change helps"


def by_rack(occupants: Sequence[Occupant]) -> Mapping[str, Sequence[Occupant]]:
    """Return what stands in each rack, in the order given."""
    inside: dict[str, list[Occupant]] = {}
    for one in occupants:
        inside.setdefault(one.rack, []).append(one)
    return inside


def culprits(
    inside: Sequence[Occupant], measure: Callable[[Occupant], float] = lambda _: 1.0
) -> tuple[list[Occupant], list[Occupant]]:
    """Split off the set of equal devices that takes most, nodes before all others, and the rest."""
    taken: dict[tuple[bool, str, DefinitionPath], float] = {}
    for one in inside:
        key = (one.spread is not None, one.model, one.path)
        taken[key] = taken.get(key, 0.0) + measure(one)
    most = max(taken, key=lambda key: (key[0], taken[key]))
    chosen = [o for o in inside if (o.model, o.path) == most[1:]]
    return chosen, [o for o in inside if (o.model, o.path) != most[1:]]


def fewer(  # noqa: PLR0913 - the parts of one sentence
    rack: str,
    chosen: Sequence[Occupant],
    *,
    verb: str,
    beside: str,
    limit: str,
    fit: int,
    elsewhere: tuple[Sequence[str], Remedy] = ((), ()),
    larger: Callable[[], Way] = lambda: (NOWHERE, ()),
) -> Problem:
    """Say that the chosen devices are too many for a rack, and how many would fit.

    `elsewhere` are racks that hold what is not counted by nodes, and the edit that says so;
    `larger` is what the rack itself could be, and its edit.
    """
    one, count = chosen[0], len(chosen)
    built = fit * one.spread.racks if one.spread and _says_for_how_many(one.spread) else 0
    share = f": build_for: {built} spreads them so" if built else ""
    racks, move = elsewhere
    fewer_do = bool(fit and one.spread)
    words, move = (f"use {_racks(racks)}", move) if racks or fewer_do else larger()
    return Problem(
        path=one.path,
        value=str(count),
        rule=f"{count} × {one.model} in rack {rack} {verb}{beside}, but {limit}: at most {fit} fit"
        + (share if fewer_do else f": {words}"),
        remedy=fewer_per_rack(one.spread, fit) if one.spread and fit else move,
    )


def _racks(names: Sequence[str]) -> str:
    return f"rack{'s' * (len(names) > 1)} {', '.join(names)}"


def of_one_model(
    inside: Sequence[Occupant], measure: Callable[[Occupant], float]
) -> tuple[list[Occupant], list[Occupant]]:
    """Split off the model that takes most in all racks together, nodes before all others."""
    taken: dict[tuple[bool, str], float] = {}
    for one in inside:
        key = (one.spread is not None, one.model)
        taken[key] = taken.get(key, 0.0) + measure(one)
    counted, model = max(taken, key=lambda key: (key[0], taken[key]))
    chosen = [o for o in inside if o.model == model and (o.spread is not None) == counted]
    names = {one.name for one in chosen}
    return chosen, [one for one in inside if one.name not in names]


def fewer_in_all(chosen: Sequence[Occupant], fit: int) -> Remedy:
    """Return the edits after which `fit` of these nodes are left, the last ones gone first.

    There are none where that would leave a group without nodes.
    """
    groups: dict[DefinitionPath, tuple[Spread, int]] = {}
    for one in chosen:
        if one.spread:
            places = groups.get(one.spread.path, (one.spread, 0))[1]
            groups[one.spread.path] = (one.spread, places + 1)
    excess, edits = len(chosen) - fit, []
    for spread, places in reversed(groups.values()):
        left = max(1, places - excess)
        excess -= places - left
        edits += [((*spread.path, "build_for"), str(left))] if spread.built else []
        edits += [((*spread.path, "count"), str(left))] if spread.count > left else []
        if excess <= 0:
            return tuple(edits)
    return ()


def _says_for_how_many(spread: Spread) -> bool:
    return spread.racks > 1 or spread.built


def fewer_per_rack(spread: Spread, fit: int) -> Remedy:
    """Return the edits after which each rack of a group takes at most `fit` nodes."""
    if fit < 1:
        return ()
    built = fit * spread.racks
    to_build = (((*spread.path, "build_for"), str(built)),) if _says_for_how_many(spread) else ()
    fewer_nodes = (((*spread.path, "count"), str(built)),) if spread.count > built else ()
    return (*to_build, *fewer_nodes)
