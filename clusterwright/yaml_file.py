"""One file of YAML into one model, with the line of every mistake."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from clusterwright.errors import Change, DefinitionError, DefinitionPath, Mistake, Problem
from clusterwright.wording import problems_of

M = TypeVar("M", bound=BaseModel)
_FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, where PyYAML was built with it: it takes a tenth of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parsed file: which line says what, and what each item of a list is called."""

    file: str
    lines: Mapping[DefinitionPath, int]
    labels: Mapping[DefinitionPath, str]

    def spell(self, path: DefinitionPath) -> str:
        """Write a path as operators read it: `compute.su1.groups[0].count`."""
        words = ""
        for depth, step in enumerate(path, start=1):
            label = self.labels.get(path[:depth], step)
            words += f"[{label}]" if isinstance(label, int) else f".{label}"
        return words.lstrip(".") or "(top level)"

    def line(self, path: DefinitionPath) -> int:
        """Return the line of `path`, or of the nearest part of it that is written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def mistake(self, problem: Problem) -> Mistake:
        """Say where a problem stands."""
        return Mistake(
            file=self.file,
            line=self.line(problem.path),
            path=self.spell(problem.path),
            value=problem.value,
            rule=problem.rule,
            remedy=tuple(Change(path=self.spell(p), value=v) for p, v in problem.remedy),
        )


def read_yaml(file: Path, model: type[M]) -> tuple[M, Source]:
    """Read a file that a person has written.

    Raises:
        DefinitionError: with every mistake of syntax, else of form.
    """
    try:
        tree, content = _parse(file.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        raise DefinitionError((_syntax(shown(file), error),)) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DefinitionError((_unreadable(shown(file), error),)) from error
    source, doubles = _index(shown(file), tree)
    if doubles:
        raise DefinitionError(tuple(source.mistake(problem) for problem in doubles))
    try:
        return model.model_validate(content or {}), source
    except ValidationError as error:
        problems = problems_of(error.errors(), model)
        raise DefinitionError(tuple(source.mistake(problem) for problem in problems)) from error


def _parse(text: str) -> tuple[yaml.Node | None, object]:
    """Return the nodes, which know their lines, and what they say."""
    try:
        return _parse_with(_FastLoader, text)
    except yaml.MarkedYAMLError:
        return _parse_with(yaml.SafeLoader, text)  # its sentences are the better ones


def _parse_with(loader_class: Any, text: str) -> tuple[yaml.Node | None, object]:
    loader = loader_class(text)
    try:
        tree = loader.get_single_node()
        return tree, None if tree is None else loader.construct_document(tree)
    finally:
        loader.dispose()


def shown(file: Path) -> str:
    """Write a path as operators know it: from where they stand, if it is below."""
    real = file.resolve()
    return str(real.relative_to(Path.cwd())) if real.is_relative_to(Path.cwd()) else str(real)


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    return Mistake(
        file=file,
        line=mark.line + 1 if mark else 1,
        path="(top level)",
        value="",
        rule=f"no YAML: {error.problem or error.context}: mend this line or the one before",
    )


def _unreadable(file: str, error: Exception) -> Mistake:
    why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
    rule = f"cannot be read ({why}): mend the file, or name another one"
    return Mistake(file=file, line=1, path="(top level)", value="", rule=rule)


def _index(file: str, tree: yaml.Node | None) -> tuple[Source, tuple[Problem, ...]]:
    lines: dict[DefinitionPath, int] = {}
    labels: dict[DefinitionPath, str] = {}
    doubles: list[Problem] = []
    again: set[DefinitionPath] = set()
    for path, node, line in _walk((), tree):
        if path in lines and path:
            again.add(path)
        if path in again and path[:-1] not in again:
            doubles.append(
                Problem(
                    path=path,
                    value=str(path[-1]),
                    rule=f"{path[-1]} is written twice, first in line {lines[path]}: keep one",
                )
            )
        lines[path] = line
        if path and isinstance(path[-1], int) and (name := _name(node)):
            labels[path] = name
    return Source(file=file, lines=lines, labels=labels), tuple(doubles)


def _walk(
    path: DefinitionPath, node: yaml.Node | None
) -> Iterator[tuple[DefinitionPath, yaml.Node, int]]:
    if node is None:
        return
    if not path:
        yield path, node, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), value, key.start_mark.line + 1
            yield from _walk((*path, key.value), value)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            yield (*path, i), item, item.start_mark.line + 1
            yield from _walk((*path, i), item)


def _name(node: yaml.Node) -> str | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    named = (value for key, value in node.value if key.value == "name")
    return next((value.value for value in named if isinstance(value, yaml.ScalarNode)), None)
