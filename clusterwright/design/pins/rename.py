"""A plan under the names that its definition chooses.

Everything is designed under the names by rule, and renamed at the end: so no rule has to know that
names can be chosen.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")


def rename(part: T, names: Mapping[str, str]) -> T:
    """Return a part of a plan with every name replaced, alone or within a text.

    `su1-n1-bmc`, `su1-n1-hgx` and `bmc/su1-n1` go with `su1-n1`.
    """
    if not names:
        return part
    alternatives = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w-])({alternatives})(?=(?:-hgx|(?:-dpu\d)?-bmc)?(?![\w-]))")
    renamed: T = _Renaming(names, pattern).of(part)
    return renamed


class _Renaming:
    """Replaces names in frozen dataclasses and tuples of them; what has none stays as it is."""

    def __init__(self, names: Mapping[str, str], pattern: re.Pattern[str]) -> None:
        self._names = names
        self._pattern = pattern
        self._texts: dict[str, str] = {}

    def of(self, value: Any) -> Any:
        if type(value) is str:
            return self._text(value)
        if isinstance(value, tuple):
            items = [self.of(item) for item in value]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return value if same else type(value)(items)
        if is_dataclass(value) and not isinstance(value, type):
            return self._dataclass(value)
        return value

    def _dataclass(self, value: Any) -> Any:
        changed = {}
        for field in fields(value):
            old = getattr(value, field.name)
            new = self.of(old)
            if new is not old:
                changed[field.name] = new
        return replace(value, **changed) if changed else value

    def _text(self, text: str) -> str:
        if text not in self._texts:
            self._texts[text] = self._pattern.sub(lambda found: self._names[found[1]], text)
        return self._texts[text]
