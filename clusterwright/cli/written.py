"""Write rendered files, and say what changed against those of the last time."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clusterwright.errors import OperationError
from clusterwright.render import Content, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One rendered file: how many lines came and went; none are counted in one that is no text."""

    path: str
    added_lines: int
    removed_lines: int
    existed: bool
    changed: bool

    def __str__(self) -> str:
        counted = self.added_lines or self.removed_lines
        if not self.existed:
            lines = "1 line" if self.added_lines == 1 else f"{self.added_lines} lines"
            return f"new        {self.path}" + f" ({lines})" * bool(counted)
        if self.changed:
            changes = f" (+{self.added_lines} −{self.removed_lines})" if counted else ""
            return f"changed    {self.path}{changes}"
        return f"unchanged  {self.path}"


def write_files(files: Mapping[str, Content], folder: Path) -> tuple[Written, ...]:
    """Write each file under `folder`, leaving alone what is already as it should be.

    Raises:
        OperationError: the folder cannot be written to.
    """
    try:
        return tuple(_write(folder, path, content) for path, content in sorted(files.items()))
    except OSError as error:
        raise OperationError(
            f"{error.filename or folder}: cannot be written ({error.strerror}): make room or make "
            "it writable; clusterwright plan can write elsewhere with --out"
        ) from error


def _write(folder: Path, path: str, content: Content) -> Written:
    file = folder / path
    wanted = encode(content)
    existed = file.is_file()
    before = file.read_bytes() if existed else b""
    if before != wanted or not existed:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(wanted)
    added, removed = _count(before, wanted) if isinstance(content, str) else (0, 0)
    return Written(
        path=path,
        added_lines=added,
        removed_lines=removed,
        existed=existed,
        changed=before != wanted,
    )


def _count(before: bytes, after: bytes) -> tuple[int, int]:
    if before == after:
        return 0, 0
    texts = before.decode(errors="replace").splitlines(), after.decode().splitlines()
    if not texts[0]:
        return len(texts[1]), 0
    lines = list(difflib.unified_diff(*texts, n=0, lineterm=""))
    body = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return sum(line[0] == "+" for line in body), sum(line[0] == "-" for line in body)
