"""Write rendered files, and say what changed against those of the last time."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One rendered file: how many lines came and went."""

    path: str
    added_lines: int
    removed_lines: int
    existed: bool

    def __str__(self) -> str:
        if not self.existed:
            return f"new        {self.path} ({self.added_lines} lines)"
        if self.added_lines or self.removed_lines:
            return f"changed    {self.path} (+{self.added_lines} −{self.removed_lines})"
        return f"unchanged  {self.path}"


def write_files(files: Mapping[str, str], folder: Path) -> tuple[Written, ...]:
    """Write each file under `folder`, leaving alone what is already as it should be."""
    return tuple(_write(folder, path, text) for path, text in sorted(files.items()))


def _write(folder: Path, path: str, text: str) -> Written:
    file = folder / path
    existed = file.is_file()
    before = file.read_text() if existed else ""
    if before != text or not existed:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    added, removed = _count(before, text)
    return Written(path=path, added_lines=added, removed_lines=removed, existed=existed)


def _count(before: str, after: str) -> tuple[int, int]:
    if before == after:
        return 0, 0
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
    body = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return sum(line[0] == "+" for line in body), sum(line[0] == "-" for line in body)
