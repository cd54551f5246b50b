"""Who is to blame where a rack holds too much, and how many fewer would do."""

from collections import Counter
from collections.abc import Mapping, Sequence

from clusterwright.design.occupant import Occupant
from clusterwright.errors import Problem


def by_rack(occupants: Sequence[Occupant]) -> Mapping[str, Sequence[Occupant]]:
    """Return what stands in each rack, in the order given."""
    inside: dict[str, list[Occupant]] = {}
    for one in occupants:
        inside.setdefault(one.rack, []).append(one)
    return inside


def culprits(inside: Sequence[Occupant]) -> tuple[list[Occupant], list[Occupant]]:
    """Split a rack into the largest set of equal devices, which one would reduce, and the rest."""
    model, path = Counter((o.model, o.path) for o in inside).most_common(1)[0][0]
    chosen = [o for o in inside if (o.model, o.path) == (model, path)]
    return chosen, [o for o in inside if o not in chosen]


def fewer(  # noqa: PLR0913 - the parts of one sentence
    rack: str, chosen: Sequence[Occupant], *, verb: str, beside: str, limit: str, fit: int
) -> Problem:
    """Say that the chosen devices are too many, and how many would fit."""
    one, count = chosen[0], len(chosen)
    counted = one.path[-1] == "count"
    return Problem(
        path=one.path,
        value=str(count),
        rule=f"{count} × {one.model} in rack {rack} {verb}{beside}, but {limit}: "
        f"at most {fit} fit" + ("" if fit or not counted else ": use another rack"),
        remedy=((one.path, str(fit)),) if counted and fit else (),
    )
