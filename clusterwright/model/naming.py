"""What is said of a name that names nothing, and of one that is given twice."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from clusterwright.errors import DefinitionPath, Problem


def missing(
    path: DefinitionPath,
    value: str,
    what: str,
    known: Mapping[str, object] | Sequence[str],
    *,
    replaceable: bool = True,
) -> Iterator[Problem]:
    """Yield a problem if `value` is not among `known`, with the nearest name that is.

    One that is no value, but a key, cannot be replaced by writing another there.
    """
    if value in known:
        return
    near = get_close_matches(value, list(known), n=1)
    guess = (
        f"did you mean {near[0]}?"
        if near
        else f"choose one of {', '.join(dict.fromkeys(known)) or '(none)'}"
    )
    yield Problem(
        path=path,
        value=value,
        rule=f"there is no {what} {value}: {guess}",
        remedy=tuple((path, name) for name in near) if replaceable else (),
    )


def twice(
    before: DefinitionPath, after: DefinitionPath, names: Sequence[str], taken: Sequence[str] = ()
) -> Iterator[Problem]:
    """Yield every name of a list that came before; `after` leads from an item to its name."""
    seen = set(taken)
    for i, name in enumerate(names):
        if name in seen:
            yield second((*before, i, *after), name)
        seen.add(name)


def second(path: DefinitionPath, name: str) -> Problem:
    """Say that a name has been given before."""
    return Problem(
        path=path,
        value=name,
        rule=f"{name} is named twice, but a name means one thing: give this one another",
    )
