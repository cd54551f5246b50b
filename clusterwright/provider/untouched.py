"""What a run has left alone, because something that it depends on failed."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_SENTENCE = re.compile(r"not touched: (.+): (?:it|they) depends? on (.+), which failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """Resources that wait for the same `causes`, all by their names."""

    names: tuple[str, ...]
    causes: tuple[str, ...]

    def __str__(self) -> str:
        each = "it depends" if len(self.names) == 1 else "they depend"
        on = " and ".join(self.causes)
        return f"not touched: {', '.join(self.names)}: {each} on {on}, which failed"


def understood(message: str) -> HeldUp | None:
    """Return what a message says of resources that were not touched, if it is of that."""
    found = _SENTENCE.fullmatch(message)
    if not found:
        return None
    names, causes = found.groups()
    return HeldUp(names=tuple(names.split(", ")), causes=tuple(causes.split(" and ")))


def held_up(needs: Mapping[str, Collection[str]], failed: Collection[str]) -> tuple[HeldUp, ...]:
    """Return what failures have held up.

    `needs` are the names that each name depends on, declared before it. `failed` are all that
    have not come to be, for whatever reason.
    """
    roots: dict[str, frozenset[str]] = {}
    for name, before in needs.items():
        if name in failed:
            behind = frozenset(root for one in before for root in roots.get(one, ()))
            roots[name] = behind or frozenset({name})
    held: dict[tuple[str, ...], list[str]] = {}
    for name, causes in roots.items():
        if name not in causes:
            held.setdefault(tuple(sorted(causes)), []).append(name)
    return tuple(
        HeldUp(names=tuple(sorted(names)), causes=causes) for causes, names in sorted(held.items())
    )
