"""Doing what the messages say ends in a fabric that can be built."""

from dataclasses import replace

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterwright.design.fabric import compute_fabric, find_problems
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite, load_site
from clusterwright.model.site import Site
from clusterwright.site_folder import find_site

LAB = load_site(find_site("lab"))
ROUNDS = 5


@st.composite
def wishes(draw) -> Site:
    """Draw the lab with a fabric that asks for too much, more often than not."""
    definition = LAB.site.model_dump(mode="json")
    fabric, unit = definition["fabrics"]["compute"], definition["compute"][0]
    unit["build_for"] = draw(st.sampled_from([1, 3, 8, 32, 40]))
    fabric["tiers"] = draw(st.sampled_from(["auto", 2, 3]))
    fabric["oversubscription"] = draw(st.sampled_from([1.0, 1.5, 3.0]))
    fabric["breakout"] = draw(st.sampled_from([1, 2, 8]))
    fabric["build_for_units"] = draw(st.sampled_from([None, 1, 9, 100]))
    fabric["reserved_leaf_ports"] = draw(st.integers(0, 60))
    fabric["kind"] = draw(st.sampled_from(["infiniband", "ethernet"]))
    fabric["shape"] = draw(st.sampled_from(["rail-optimised", "node-aligned"]))
    if fabric["shape"] == "rail-optimised":
        fabric["rails_per_leaf"] = draw(st.integers(1, 8))
    if fabric["tiers"] != 2:
        fabric["groups"] = draw(st.sampled_from([None, {"units": 40, "leaves": 8}]))
    ports = draw(st.sampled_from([0, 2, 200]))
    fabric["attached"] = [{"host": "head", "kind": "gateway", "ports": ports}] if ports else []
    return Site.model_validate(definition)


def problems_of(loaded: LoadedSite) -> list[Problem]:
    return list(find_problems(loaded, compute_fabric(loaded)))


def heed(loaded: LoadedSite) -> LoadedSite:
    """Make every change that the problems name."""
    definition = loaded.site.model_dump(mode="json")
    for problem in problems_of(loaded):
        for path, value in problem.remedy:
            place = definition
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = yaml.safe_load(value)
    return replace(loaded, site=Site.model_validate(definition))


@settings(deadline=None, max_examples=200)
@given(wishes())
def test_heeding_all_remedies_ends_in_a_fabric_within_five_rounds(site):
    loaded = replace(LAB, site=site)
    for _ in range(ROUNDS):
        loaded = heed(loaded)
    assert [problem.rule for problem in problems_of(loaded)] == []
