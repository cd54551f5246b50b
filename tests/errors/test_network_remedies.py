"""What the networks' mistakes name as a remedy helps."""

from dataclasses import replace

import pytest
import yaml

from clusterwright.design.networks import find_problems, plan_networks
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from clusterwright.design.stores import list_stores
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite
from clusterwright.model.site import Site
from tests.basepods import basepod
from tests.superpods import definition, loaded

APPLIANCES = "appliances: {leaves: 4, cable: hdr-aoc-split-osfp}"
SPLITTER = "appliances: {%s, cable: ndr-multimode-splitter}"
ROUNDS = 5
CASES = {
    "split that there is not": basepod(("switch: sn4600c", "switch: sn4600c\n    breakout: 8")),
    "cable slower than both ends": basepod(
        ("switch: sn4600c\n    cable: auto", "switch: sn4600c\n    cable: cat6")
    ),
    "uplink cable": basepod(("switch: sn2201", "switch: sn2201\n    uplink_cable: cat6")),
    "uneven uplinks": basepod(
        ("switch: sn4600c", "switch: sn4600c\n    cores: 2\n    leaf_uplinks: 5")
    ),
    "too few leaves": definition(edits=(("switch: sn4600c", "switch: sn4600c\n    leaves: 4"),)),
    "no cores": definition(edits=(("switch: sn4600c", "switch: sn4600c\n    cores: 0"),)),
    "more pairs than two tiers join": definition(
        edits=(("switch: sn4600c", "switch: sn4600c\n    leaf_uplinks: 56\n    tiers: 2"),)
    ),
    "more pairs than any cores join": definition(
        edits=(("switch: sn4600c", "switch: sn4600c\n    leaf_uplinks: 56\n    cores: 4"),)
    ),
    "too many racks to a switch": definition(
        edits=(("switch: sn2201", "switch: sn2201\n    racks_per_switch: 8"),)
    ),
    "too few storage leaves": definition(
        edits=(("appliances: {leaves: 4", "appliances: {leaves: 1"),)
    ),
    "storage split too finely": definition(edits=((APPLIANCES, SPLITTER % "breakout: 8"),)),
    "storage cable of another speed": definition(edits=((APPLIANCES, SPLITTER % "leaves: 4"),)),
    "storage in the way of nodes": basepod(
        ("count: 2, ports: 2", "count: 30, ports: 2"),
        ("build_for: 4", "build_for: 32"),
        ("rails_per_leaf: 4\n    ", ""),
    ),
    "storage without a spine": basepod(("appliances: {leaves: 0}", "tiers: 1")),
    "storage built for fewer units": definition(
        units=2, edits=(("    oversubscription", "    build_for_units: 1\n    oversubscription"),)
    ),
}


def problems_of(site: LoadedSite) -> list[Problem]:
    seats, stores = list_seats(site, list_racks(site)), list_stores(site)
    networks = plan_networks(site, seats, stores)
    return list(find_problems(site, networks, taken(seats), stores))


def heeded(site: LoadedSite, problems: list[Problem]) -> LoadedSite:
    """Return the site with every change that the problems name."""
    written = site.site.model_dump(mode="json")
    for problem in problems:
        for path, value in problem.remedy:
            place = written
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = yaml.safe_load(value)
    return replace(site, site=Site.model_validate(written))


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_heeding_all_remedies_ends_in_networks_within_five_rounds(text, tmp_path):
    site = loaded(text, tmp_path)
    assert problems_of(site) != []
    for _ in range(ROUNDS):
        site = heeded(site, problems_of(site))
    assert [problem.rule for problem in problems_of(site)] == []
