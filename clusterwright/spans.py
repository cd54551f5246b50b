"""Names that count up, written as spans: r1 … r4, r7."""

import re
from collections.abc import Iterable

_AT_MOST_SPANS = 6
_NUMBER = re.compile(r"(\d+)")


def spans(names: Iterable[str]) -> str:
    """Write names that count up as spans; and very many as how many they are."""
    runs = _runs(names)
    if len(runs) > _AT_MOST_SPANS:
        return f"{sum(map(len, runs))} from {runs[0][0]} to {runs[-1][-1]}"
    return _written(runs)


def sorted_spans(names: Iterable[str]) -> str:
    """Write names, in the order of their numbers, as spans; of very many, the first and last."""
    runs = _runs(sorted(names, key=_order))
    return _written(
        runs if len(runs) <= _AT_MOST_SPANS else [[name for run in runs for name in run]]
    )


def _runs(names: Iterable[str]) -> list[list[str]]:
    runs: list[list[str]] = []
    for name in names:
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    return runs


def _written(runs: Iterable[list[str]]) -> str:
    return ", ".join(f"{run[0]} … {run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)


def _follows(before: str, after: str) -> bool:
    """Whether the names differ in one number alone, which is one higher."""
    parts, others = _NUMBER.split(before), _NUMBER.split(after)
    if len(parts) != len(others):
        return False
    differ = [k for k, part in enumerate(parts) if part != others[k]]
    return [k % 2 for k in differ] == [1] and int(others[differ[0]]) == int(parts[differ[0]]) + 1


def _order(name: str) -> list[tuple[str, int]]:
    """Return what sorts r2 before r10."""
    parts = _NUMBER.split(name)
    return [
        (text, int(number)) for text, number in zip(parts[::2], [*parts[1::2], "0"], strict=True)
    ]
