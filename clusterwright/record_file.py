"""record.yml: read beside the definition, written by commands only.

It is written as JSON, which is YAML, with a line for each device: a review shows which of them
changed, and 20,000 of them are read in two seconds.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from clusterwright.errors import DefinitionError
from clusterwright.lock_file import alone_with
from clusterwright.model.record import Record
from clusterwright.model.record_problems import find_problems
from clusterwright.whole_file import replace_file
from clusterwright.yaml_file import read_yaml

_HEAD = "# Written by commands of clusterwright. What you have to say stands in site.yml.\n"


def read_record(file: Path) -> Record:
    """Return what `file` holds; an absent one is an empty record.

    Raises:
        DefinitionError: with every mistake of syntax, else of form, else doubles.
    """
    if not file.is_file():
        return Record()
    record = _read_as_written(file.read_text())
    if record is not None and not any(find_problems(record)):
        return record
    # Somebody has edited it: slower, and with the line of every mistake.
    record, source = read_yaml(file, Record)
    if problems := tuple(find_problems(record)):
        raise DefinitionError(tuple(source.mistake(problem) for problem in problems))
    return record


def change_record(file: Path, change: Callable[[Record], Record]) -> Record:
    """Replace what `file` holds by what `change` makes of it, while nobody else writes it.

    Raises:
        DefinitionError: what is there is wrong, or what would be there.
        OperationError: another command does not stop writing it.
    """
    with alone_with(file):
        before = read_record(file)
        after = change(before)
        if problems := tuple(find_problems(after)):
            raise ValueError(f"{file}: {problems[0].rule}")
        if after != before:
            replace_file(file, write_record(after).encode(), mode=0o644)
        return after


def write_record(record: Record) -> str:
    """Return the text of record.yml: equal records give equal bytes."""
    content = record.model_dump(mode="json", exclude_defaults=True)
    parts = [f"{json.dumps(key)}: {_part(value)}" for key, value in sorted(content.items())]
    return f"{_HEAD}{_block('{', parts, '}')}\n"


def _part(value: Any) -> str:
    if isinstance(value, list):
        return _block("[", (_line(item) for item in value), "]")
    return _block("{", (f"{_line(key)}: {_line(value[key])}" for key in sorted(value)), "}")


def _block(opening: str, parts: Iterable[str], closing: str) -> str:
    lines = ",\n".join(parts)
    return f"{opening}\n{lines}\n{closing}" if lines else opening + closing


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _read_as_written(text: str) -> Record | None:
    """Return the record in a file that a command wrote; None where it is not one."""
    try:
        content = json.loads(text.removeprefix(_HEAD), object_pairs_hook=_without_doubles)
        return Record.model_validate(content)
    except (ValueError, ValidationError):
        return None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # As a merge of two branches leaves it.
        raise ValueError("a key is written twice")
    return found
