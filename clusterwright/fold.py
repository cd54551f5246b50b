"""Sentences that differ only by which of several equal things they name, as one sentence.

What may be equal is given by name: of which kind it is, as many are called. Every other word and
every figure must be the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.spans import sorted_spans

Names = Mapping[str, str]
"""Of what kind each thing is that may have equals: racks, nodes, units."""
_WORD = re.compile(r"\b([a-z][a-z0-9-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of one thing: where it is written, the rule, and what would help."""

    file: str
    line: int
    path: str
    rule: str
    remedy: tuple[tuple[str, str], ...] = ()
    """Paths, and what to write there."""


def fold(said: Sequence[Said], names: Names) -> Iterator[str]:
    """Yield one line for all that is said alike, where the first of it was."""
    alike: dict[tuple[object, ...], list[Said]] = {}
    for one in said:
        edits = tuple((_kinds(path, names), value) for path, value in one.remedy)
        key = (one.file, _kinds(one.path, names), _kinds(one.rule, names), edits)
        alike.setdefault(key, []).append(one)
    for together in alike.values():
        yield _line(together, names)


def _kinds(text: str, names: Names) -> tuple[str, ...]:
    """Return a text with the kinds of all that it names in place of the names."""
    return tuple(f"<{names[word]}>" if word in names else word for word in _WORD.split(text))


def _line(together: Sequence[Said], names: Names) -> str:
    first = together[0]
    path, _ = _joined([one.path for one in together], names)
    rule, counted = _joined([one.rule for one in together], names, say=True)
    if not counted:
        path, _ = _joined([one.path for one in together], names, say=True)
    return f"{first.file}:{first.line}: {path}: {rule}"


def _joined(texts: Sequence[str], names: Names, *, say: bool = False) -> tuple[str, bool]:
    """Write texts that differ in names as one; with `say`, the first of these has their number."""
    written, counted = "", False
    for words in zip(*(_WORD.split(text) for text in texts), strict=True):
        different = dict.fromkeys(words)
        if len(different) == 1:
            written += words[0]
            continue
        written += sorted_spans(different)
        if say and not counted:
            written += f" ({len(different)} {names[words[0]]})"
            counted = True
    return written, counted
