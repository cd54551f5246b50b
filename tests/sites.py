"""Definitions made from the lab's, for tests of what is designed and what is refused."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.errors import DefinitionError, Mistake
from clusterwright.load import load_site
from clusterwright.site_folder import PROJECT, SiteFolder, find_site


def without_switches(text: str) -> str:
    """Return the lab's definition with Ethernet that is somebody else's."""
    for network, prefix in (("inband", "10.101.0.0/22"), ("oob", "10.100.0.0/22")):
        text, found = re.subn(
            rf"(?m)^  {network}:\n(    .*\n)+",
            f"  {network}: {{kind: ethernet, prefix: {prefix}}}\n",
            text,
        )
        assert found == 1
    return text


def without_installation(text: str) -> str:
    """Return the lab's definition with hosts that somebody else installs; it comes last in it."""
    kept, found, _ = text.partition("\ninstallation:")
    assert found
    return kept


LAB = without_switches(without_installation(find_site("lab").definition.read_text()))
"""What most tests change: its switches are InfiniBand's only, and nobody installs its hosts."""
CATALOGUE = PROJECT / "clusterwright/catalogue"


def definition() -> dict[str, Any]:
    """Return the lab's definition, to be changed at will."""
    return yaml.safe_load(LAB)


@cache
def plan_without_switches() -> SitePlan:
    """Return the plan of the lab with Ethernet that is somebody else's."""
    with TemporaryDirectory() as folder:
        return plan_of(Path(folder), definition())


def own_model(folder: Path, name: str, **figures: Any) -> None:
    """Give the site of a folder a copy of one of our models with other figures."""
    entry = yaml.safe_load((CATALOGUE / f"{name}.yml").read_text()) | figures
    entry["less_sure"] = {}
    own = folder / "catalogue" / f"{name}.yml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(yaml.safe_dump(entry, sort_keys=False))


def plan_of(folder: Path, site: dict[str, Any]) -> SitePlan:
    """Design a definition."""
    file = folder / "site.yml"
    file.write_text(yaml.safe_dump(site, sort_keys=False))
    return design(load_site(SiteFolder(definition=file)))


def mistakes_of(folder: Path, site: dict[str, Any]) -> tuple[Mistake, ...]:
    """Return what is wrong with a definition."""
    try:
        plan_of(folder, site)
    except DefinitionError as error:
        return error.mistakes
    return ()


def messages_of(folder: Path, site: dict[str, Any]) -> list[str]:
    """Return the sentences of what is wrong with a definition."""
    return [f"{one.path}: {one.rule}" for one in mistakes_of(folder, site)]


def heed(site: dict[str, Any], mistakes: tuple[Mistake, ...]) -> None:
    """Make every change that the mistakes name."""
    for change in (change for mistake in mistakes for change in mistake.remedy):
        put(site, change.path, yaml.safe_load(change.value))


def heal(folder: Path, site: dict[str, Any]) -> tuple[Mistake, ...]:
    """Return the mistakes that are left when all remedies were heeded, five rounds at most."""
    for _ in range(5):
        mistakes = mistakes_of(folder, site)
        if not any(mistake.remedy for mistake in mistakes):
            return mistakes
        heed(site, mistakes)
    return mistakes_of(folder, site)


def put(site: dict[str, Any], path: str, value: Any) -> None:
    """Write a value where a path leads to, as messages spell it; None takes the key away."""
    place: Any = site
    *steps, last = _steps(path)
    for step in steps:
        place = place.setdefault(step, {}) if isinstance(place, dict) else _item(place, step)
    if value is None:
        del place[last]
    elif isinstance(place, list):
        place[int(last) :] = [value]
    else:
        place[last] = value


def _steps(path: str) -> list[str]:
    return path.replace("[", ".").replace("]", "").split(".")


def _item(places: list[Any], step: str) -> Any:
    if step.isdecimal():
        return places[int(step)]
    return next(one for one in places if one["name"] == step)
