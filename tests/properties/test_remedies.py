"""Doing what the messages say ends in a site that can be built."""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from clusterwright.design import design
from clusterwright.errors import Change, DefinitionError, Mistake
from clusterwright.load import LoadedSite
from clusterwright.model.record import Record
from clusterwright.model.references import find_problems
from clusterwright.model.site import Site
from clusterwright.yaml_file import read_yaml
from tests.properties.definitions import CATALOGUE, Definition, drawn, examples

ROUNDS = 5
Spoil = Callable[[st.DrawFn, Definition], None]


def one_rack(draw: st.DrawFn, definition: Definition) -> None:
    """Put all nodes of a group into one rack."""
    group = draw(st.sampled_from(definition["compute"]))["groups"][0]
    group["racks"], group["count"] = group["racks"][:1], draw(st.integers(4, 8))


def hungry_rack(draw: st.DrawFn, definition: Definition) -> None:
    for racks in definition["facility"]["racks"]:
        racks["power_limit_kw"] = draw(st.sampled_from([12, 17, 25]))


def small_breaker(draw: st.DrawFn, definition: Definition) -> None:
    for racks in definition["facility"]["racks"]:
        racks["pdus"]["model"] = draw(st.sampled_from(["rack-pdu-400v-32a", "rack-pdu-415v-32a"]))


def hot_loop(draw: st.DrawFn, definition: Definition) -> None:
    for loop in definition["facility"].get("cooling", {"loops": []})["loops"]:
        loop["cdu"]["model"] = "in-rack-cdu-200kw"
        loop["supply_temperature_c"] = draw(st.sampled_from([5, 30, 70]))


def small_radix(draw: st.DrawFn, definition: Definition) -> None:
    fabric = definition["fabrics"]["compute"]
    fabric["tiers"] = draw(st.sampled_from([2, "auto"]))
    fabric["build_for_units"] = draw(st.sampled_from([1, 5]))
    fabric["reserved_leaf_ports"] = draw(st.sampled_from([0, 3, 20]))
    for unit in definition["compute"]:
        unit["build_for"] = draw(st.sampled_from([1, 8, 12]))


def small_prefix(draw: st.DrawFn, definition: Definition) -> None:
    for network in ("inband", "oob"):
        length = draw(st.integers(26, 30))
        definition["fabrics"][network]["prefix"] = f"10.14{length % 10}.0.0/{length}"


def far_apart(draw: st.DrawFn, definition: Definition) -> None:
    """Take a cable that is short, of the right speed, and rows that are far from each other."""
    fabric = definition["fabrics"]["compute"]
    gbps = CATALOGUE.switches[fabric["switch"]].speed_gbps // fabric["breakout"]
    short = ("hdr-dac", "hdr-aoc", "ndr-dac-twin", "ndr-multimode", "xdr-lacc")
    of_speed = [name for name in short if CATALOGUE.cables[name].speed_gbps == gbps]
    if fabric["breakout"] == 1 and of_speed:
        fabric["cable"] = draw(st.sampled_from(of_speed))
    definition["facility"]["floor"]["hot_aisle_m"] = draw(st.sampled_from([1.2, 8]))


SPOILS: tuple[Spoil, ...] = (
    one_rack,
    hungry_rack,
    small_breaker,
    hot_loop,
    small_radix,
    small_prefix,
    far_apart,
)


@st.composite
def asking_too_much(draw: st.DrawFn) -> Definition:
    definition = deepcopy(draw(drawn()))
    definition["fabrics"]["compute"].pop("attached", None)
    for unit in definition["compute"]:
        unit["holes"] = []
    for spoil in draw(st.lists(st.sampled_from(SPOILS), min_size=1, max_size=3, unique=True)):
        spoil(draw, definition)
    return definition


def mistakes_in(definition: Definition, file: Path) -> tuple[Mistake, ...]:
    """Write, load and design a definition as the command line does."""
    file.write_text(yaml.safe_dump(definition, sort_keys=False))
    try:
        site, source = read_yaml(file, Site)
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


@examples(20)
@given(asking_too_much())
def test_heeding_all_remedies_ends_in_a_site_within_five_rounds(tmp_path_factory, definition):
    file = tmp_path_factory.mktemp("site") / "site.yml"
    for _ in range(ROUNDS):
        heed(definition, mistakes_in(definition, file))
    assert [str(mistake) for mistake in mistakes_in(definition, file)] == []
