"""Diff: which properties change, by path. Nothing is looked up."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_SIMPLE = re.compile(r"[A-Za-z_$][\w$]*")


class ChangeKind(StrEnum):
    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyChange:
    """One property, by its path in Pulumi's notation, and what happens to it."""

    path: str
    kind: ChangeKind

    @property
    def top(self) -> str:
        """The input that the path begins with."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[PropertyChange, ...]:
    """Return what differs between two property bags; lists are compared as a whole."""
    return tuple(_changes(old, new, ""))


def _changes(
    old: Mapping[str, Any], new: Mapping[str, Any], prefix: str
) -> Iterator[PropertyChange]:
    for key in sorted(old.keys() | new.keys()):
        path = _join(prefix, key)
        if key not in new:
            yield PropertyChange(path=path, kind=ChangeKind.DELETE)
        elif key not in old:
            yield PropertyChange(path=path, kind=ChangeKind.ADD)
        elif isinstance(old[key], Mapping) and isinstance(new[key], Mapping):
            yield from _changes(old[key], new[key], path)
        elif old[key] != new[key]:
            yield PropertyChange(path=path, kind=ChangeKind.UPDATE)


def _join(prefix: str, key: str) -> str:
    if not _SIMPLE.fullmatch(key):
        return f'{prefix}["{key}"]'
    return f"{prefix}.{key}" if prefix else key
