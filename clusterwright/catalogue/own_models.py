"""A user's own models: `<folder>/<kind>/<name>.yml`, as the files of this package are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from clusterwright.catalogue.entry import Entry
from clusterwright.catalogue.references import Reference, references_of
from clusterwright.errors import DefinitionError, Mistake, Problem
from clusterwright.yaml_file import Source, read_yaml, shown

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class OwnModels:
    """Reads the folders kind by kind; what is wrong in them is said at the end, all at once."""

    folders: Sequence[Path]
    _entries: list[tuple[Entry, Source]] = field(default_factory=list)
    _mistakes: list[Mistake] = field(default_factory=list)

    def read(self, kind: str, model: type[E]) -> dict[str, E]:
        """Return the models of one kind; among folders, the last one wins."""
        entries: dict[str, E] = {}
        for folder in self.folders:
            for file in sorted((folder / kind).glob("*.yml")):
                try:
                    entry, source = read_yaml(file, model)
                except DefinitionError as error:
                    self._mistakes.extend(error.mistakes)
                else:
                    entries[file.stem] = entry
                    self._entries.append((entry, source))
        return entries

    def find_mistakes(self, known: Mapping[str, Collection[str]]) -> tuple[Mistake, ...]:
        """Return wrong files, misplaced files, and names of no model of `known`, by kind."""
        misplaced = [_misplaced(file, known) for file in self._strangers(known)]
        dangling = [
            _dangling(source, reference, known[reference.kind])
            for entry, source in self._entries
            for reference in references_of(entry)
            if reference.name not in known[reference.kind]
        ]
        return (*self._mistakes, *misplaced, *dangling)

    def _strangers(self, kinds: Collection[str]) -> Iterator[Path]:
        for folder in self.folders:
            for path in sorted(folder.glob("*/*")):
                if path.parent.name not in kinds or path.suffix != ".yml":
                    yield path


def _misplaced(file: Path, kinds: Collection[str]) -> Mistake:
    kind = file.parent.name
    rule = f"{file.name} is not read: a model's file ends in .yml"
    if kind not in kinds:
        near = get_close_matches(kind, list(kinds), n=1)
        guess = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(kinds)}"
        rule = f"there is no kind of model {kind}: {guess}"
    return Mistake(file=shown(file), line=1, path="(top level)", value=kind, rule=rule)


def _dangling(source: Source, reference: Reference, known: Collection[str]) -> Mistake:
    near = get_close_matches(reference.name, list(known), n=1)
    guess = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(known)}"
    return source.mistake(
        Problem(
            path=reference.path,
            value=reference.name,
            rule=f"there is no {reference.name} among {reference.kind}: {guess}",
            remedy=tuple((reference.path, name) for name in near),
        )
    )
