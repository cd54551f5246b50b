"""Whole definitions, drawn by hypothesis: they load, and they can be built."""

import json
import os
from functools import lru_cache
from math import ceil
from typing import Any

from hypothesis import Phase, reject, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine

from clusterwright.design import design
from clusterwright.design.plan import SitePlan
from clusterwright.errors import DefinitionError
from clusterwright.load import LoadedSite
from clusterwright.model.record import Record
from clusterwright.model.references import find_problems
from clusterwright.model.site import Site
from clusterwright.model.systems import fill_in
from clusterwright.yaml_file import Source
from tests.properties.facilities import facility
from tests.properties.kinds import CATALOGUE, KINDS, KINDS_OF_ANY_SHAPE, Kind

Definition = dict[str, Any]
NETWORK_RACKS = 12

# A definition takes a tenth of a second, and shrinking tries hundreds: what is found in a minute
# has to do. Hypothesis has a limit of five, and no setting for it.
engine.MAX_SHRINKING_SECONDS = 60
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)


def examples(count: int) -> settings:
    """Return settings for so many whole definitions; `make soak` draws many times as many."""
    times = int(os.environ.get("EXAMPLES_TIMES", "1"))
    return settings(deadline=None, max_examples=count * times, phases=PHASES)


def loaded(definition: Definition) -> LoadedSite:
    """Return a definition as the loader does, with the catalogue above."""
    site = fill_in(Site.model_validate(definition), CATALOGUE)
    source = Source(file="drawn", lines={}, labels={})
    problems = find_problems(site, CATALOGUE)
    if problems:
        raise DefinitionError(tuple(source.mistake(problem) for problem in problems))
    return LoadedSite(site=site, record=Record(), catalogue=CATALOGUE, source=source)


def plan_of(definition: Definition) -> SitePlan:
    """Design a definition, or remember its plan."""
    return _plan_of(json.dumps(definition))


@lru_cache(maxsize=4)
def _plan_of(definition: str) -> SitePlan:
    return design(loaded(json.loads(definition)))


@st.composite
def drawn(draw: st.DrawFn, shape: str = "") -> Definition:
    """Draw a definition, of any shape or of one; it may ask for too much."""
    kind = draw(st.sampled_from(KINDS if shape != "node-aligned" else KINDS_OF_ANY_SHAPE))
    units = draw(st.integers(1, 4))
    network = [f"net{number}" for number in range(1, NETWORK_RACKS + 1)]
    others = [f"aux{number}" for number in range(1, 5)]
    compute = [draw(unit(kind, number)) for number in range(1, units + 1)]
    nodes = [rack for one in compute for group in one["groups"] for rack in group["racks"]]
    definition: Definition = {
        "site": "drawn",
        "facility": draw(facility(kind, nodes, [*network, *others])),
        "compute": compute,
        "management": draw(management(others)),
        "pools": {"training": {"mig": "none"}},
        "fabrics": {
            "compute": draw(compute_fabric(kind, units, network, shape)),
            "inband": {"kind": "ethernet", "prefix": "10.128.0.0/20"},
            "oob": {"kind": "ethernet", "prefix": "10.130.0.0/20"},
            **draw(other_networks(kind, others)),
        },
        "software": {
            "package_sources": [
                {"name": "cuda", "uri": "https://example.org", "suites": ["/"], "key_url": "k"}
            ],
            "gpu_driver": "580.178.04",
            "time_servers": ["10.128.0.2"],
        },
    }
    attached = draw(st.sampled_from([0, 1, 2])) if definition["management"] else 0
    if attached:
        host = definition["management"][0]["name"]
        definition["fabrics"]["compute"]["attached"] = [
            {"host": host, "kind": "ufm", "ports": attached}
        ]
    if "storage" in definition["fabrics"]:
        definition["storage"] = [draw(storage(others))]
    return definition


@st.composite
def unit(draw: st.DrawFn, kind: Kind, number: int) -> Definition:
    groups = [draw(group(kind, f"su{number}{letter}")) for letter in draw(letters(kind))]
    places = sum(group["count"] for group in groups)
    holes = draw(st.sets(st.integers(1, places), max_size=min(2, places - 1)))
    return {
        "name": f"su{number}",
        "build_for": max(places, draw(st.integers(1, kind.most))),
        "groups": groups,
        "holes": [f"su{number}-n{index}" for index in sorted(holes)],
    }


def letters(kind: Kind) -> st.SearchStrategy[str]:
    """Draw a letter for each group of a unit: racks bought whole make one."""
    return st.just("a") if kind.system else st.sampled_from(["a", "ab"])


@st.composite
def group(draw: st.DrawFn, kind: Kind, name: str) -> Definition:
    count = kind.trays or draw(st.integers(1, kind.most // 2 or 1))
    per_rack = kind.trays or draw(st.integers(1, 2))
    racks = [f"{name}-r{n}" for n in range(1, ceil(count / per_rack) + 1)]
    server = draw(st.sampled_from([kind.server, *kind.others]))
    return {"server": server, "count": count, "racks": racks, "pool": "training"}


@st.composite
def management(draw: st.DrawFn, racks: list[str]) -> list[Definition]:
    return [
        {"name": f"head{n}", "server": "management-1u", "rack": racks[n]}
        for n in range(draw(st.integers(0, 2)))
    ]


@st.composite
def storage(draw: st.DrawFn, racks: list[str]) -> Definition:
    count = draw(st.integers(1, 4))
    return {
        "name": "fast",
        "model": "storage-nvme-2u",
        "racks": racks[:2],
        "count": count,
        "build_for": count + draw(st.integers(0, 2)),
        "ports": 2,
    }


@st.composite
def compute_fabric(
    draw: st.DrawFn, kind: Kind, units: int, network: list[str], shape: str
) -> Definition:
    wide = kind in KINDS_OF_ANY_SHAPE
    shapes = ("rail-optimised", "node-aligned") if wide else ("rail-optimised",)
    shape = shape or draw(st.sampled_from(shapes))
    rail = wide and shape == "rail-optimised"
    return {
        "kind": kind.fabric,
        "switch": kind.switch,
        "cable": "auto",
        "shape": shape,
        "oversubscription": draw(st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0])),
        **draw(tiers(units)),
        **draw(spines(kind)),
        "planes": kind.planes,
        "breakout": kind.breakout,
        # A splitter between switches is as long as its longest leg, which may be yet to come.
        "uplink_breakout": kind.breakout if kind.fabric == "ethernet" else 1,
        "rails_per_leaf": draw(st.sampled_from([1, 2])) if rail else 1,
        "reserved_leaf_ports": draw(st.sampled_from([0, 0, 1])),
        "build_for_units": draw(st.sampled_from([None, units, units + 1, units + 2])),
        "racks": network,
    }


@st.composite
def tiers(draw: st.DrawFn, units: int) -> Definition:
    """Draw how many tiers there are; of three, sometimes whose leaves share spines."""
    if draw(st.integers(0, 4)):
        return {"tiers": draw(st.sampled_from(["auto", "auto", 2, 3]))}
    groups = {"units": draw(st.integers(1, units + 1)), "leaves": draw(st.sampled_from([1, 2, 4]))}
    return {"tiers": draw(st.sampled_from(["auto", 3])), "groups": groups}


@st.composite
def spines(draw: st.DrawFn, kind: Kind) -> Definition:
    """Draw what stands above the leaves: mostly what is there where nobody says."""
    alike = ["qm9700", "qm9790", "small-16"] if kind.switch in {"qm9700", "small-16"} else []
    return {
        "spine_switch": draw(st.sampled_from([None, None, *alike])),
        "least_spines": draw(st.sampled_from([1, 1, 1, 2, 3])),
        "spine_oversubscription": draw(st.sampled_from([1.0, 1.0, 2.0])),
    }


@st.composite
def other_networks(draw: st.DrawFn, kind: Kind, racks: list[str]) -> Definition:
    """Draw whether the site has switches of the other networks, and a fabric for storage."""
    found: Definition = {}
    if draw(st.booleans()):
        found["oob"] = {
            "kind": "ethernet",
            "prefix": "10.130.0.0/20",
            "switch": "sn2201",
            "cable": "cat6",
            "uplink_cable": "aoc-100g",
        }
    if kind.server in ("dgx-h100", "dgx-h200") and draw(st.booleans()):
        found["inband"] = {
            "kind": "ethernet",
            "prefix": "10.128.0.0/20",
            "switch": "sn4600c",
            "cable": "hdr-aoc",
            "uplink_cable": "aoc-100g",
            "racks": racks[: draw(st.integers(2, 4))],
        }
    if kind.server in ("dgx-h100", "dgx-h200") and draw(st.booleans()):
        found["storage"] = {
            "kind": "infiniband",
            "switch": "qm9700",
            "cable": "auto",
            "racks": racks[: draw(st.integers(1, 3))],
            "oversubscription": draw(st.sampled_from([1.0, 1.5])),
        }
    return found


@st.composite
def buildable(draw: st.DrawFn, shape: str = "") -> Definition:
    """Draw a definition that can be built; what is drawn is shown, so that it has to be short."""
    return possible(draw(drawn(shape)))


def possible(definition: Definition) -> Definition:
    """Return a definition that can be built, or have hypothesis draw another one."""
    try:
        plan_of(definition)
    except DefinitionError:
        reject()
    return definition
