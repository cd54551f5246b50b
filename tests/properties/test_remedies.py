"""Doing what the messages say ends in a site that can be built."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given

from clusterwright.design import design
from clusterwright.errors import Change, DefinitionError, Mistake
from clusterwright.load import LoadedSite
from clusterwright.model.record import Record
from clusterwright.model.references import find_problems
from clusterwright.model.site import Site
from clusterwright.model.systems import fill_in
from clusterwright.yaml_file import read_yaml
from tests.properties.definitions import Definition, examples
from tests.properties.kinds import CATALOGUE
from tests.properties.mistakes import asking_too_much

ROUNDS = 5


def mistakes_in(definition: Definition, file: Path) -> tuple[Mistake, ...]:
    """Write, load and design a definition as the command line does."""
    file.write_text(yaml.safe_dump(definition, sort_keys=False))
    try:
        site, source = read_yaml(file, Site)
        site = fill_in(site, CATALOGUE)
        problems = find_problems(site, CATALOGUE)
        if problems:
            return tuple(source.mistake(problem) for problem in problems)
        design(LoadedSite(site=site, record=Record(), catalogue=CATALOGUE, source=source))
    except DefinitionError as error:
        return error.mistakes
    return ()


def heed(definition: Definition, mistakes: Iterable[Mistake]) -> None:
    """Write every remedy where its path says."""
    for mistake in mistakes:
        for change in mistake.remedy:
            write(definition, change)


def write(definition: Definition, change: Change) -> None:
    *steps, last = re.findall(r"[^.\[\]]+", change.path)
    place: Any = definition
    for step in steps:
        place = inside(place, step)
    key = last if isinstance(place, dict) else place.index(inside(place, last))
    place[key] = yaml.safe_load(change.value)


def inside(place: Any, step: str) -> Any:
    """Return an item by key, by position, or by the name that it has."""
    if isinstance(place, dict):
        return place.setdefault(step, {})
    if step.isdigit():
        return place[int(step)]
    return next(item for item in place if item["name"] == step)


@examples(25)
@given(asking_too_much())
def test_heeding_all_remedies_ends_in_a_site_within_five_rounds(tmp_path_factory, definition):
    """Or in mistakes that no single change mends, which is then what they say."""
    file = tmp_path_factory.mktemp("site") / "site.yml"
    for _ in range(ROUNDS):
        heed(definition, mistakes_in(definition, file))
    left = [one for one in mistakes_in(definition, file) if not admits(one)]
    assert [str(mistake) for mistake in left] == []


def admits(mistake: Mistake) -> bool:
    return not mistake.remedy and "no single change helps" in mistake.rule
