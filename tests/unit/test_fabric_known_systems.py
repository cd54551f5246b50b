"""Definitions of systems that are sold, with the models of the catalogue."""

from dataclasses import replace

import pytest

from clusterwright.design.fabric import compute_fabric, find_problems
from clusterwright.load import LoadedSite, load_site
from clusterwright.model.site import Site
from clusterwright.site_folder import find_site
from tests.fabrics import compute_only

H100_SU = compute_only(load_site(find_site("h100-su")))
SPECTRUM = {
    "kind": "ethernet",
    "switch": "sn5600",
    "breakout": 2,
    "cable": "ndr-singlemode",
    "rails_per_leaf": 2,
}


def site_of(units: int, server: str, build_for: int, fabric: dict[str, object]) -> LoadedSite:
    definition = H100_SU.site.model_dump(mode="json")
    unit = definition["compute"][0]
    unit["build_for"] = build_for
    unit["groups"][0].update(server=server, count=build_for)
    definition["compute"] = [{**unit, "name": f"su{n + 1}"} for n in range(units)]
    definition["fabrics"]["compute"].update(fabric)
    return replace(H100_SU, site=Site.model_validate(definition))


Q3400 = {"switch": "q3400-ra", "cable": "xdr-singlemode"}
WHOLE_UPLINKS = {"uplink_breakout": 1, "uplink_cable": "xdr-singlemode"}
CASES = {
    "DGX B200 SuperPOD, 2 SU": ((2, "dgx-b200", 32, {}), (16, 8, 0)),
    "DGX A100 SuperPOD, 7 SU": (
        (7, "dgx-a100", 20, {"switch": "qm8790", "cable": "hdr-aoc"}),
        (56, 80, 28),
    ),
    "DGX B300 on Q3400, 16 units of 72": ((16, "dgx-b300", 72, Q3400), (128, 72, 0)),
    "DGX GB200 SuperPOD, 1 SU of eight racks": (
        (8, "gb200-compute-tray", 18, {"tiers": 3, "groups": {"units": 8, "leaves": 1}}),
        (32, 24, 9),
    ),
    "DGX GB300 SuperPOD, 16 SU of two times four racks": (
        (32, "gb300-compute-tray", 72, Q3400),
        (128, 72, 0),
    ),
    "HGX B200 on Spectrum-4, whole ports between switches": (
        (4, "hgx-b200-air", 32, {**SPECTRUM, **WHOLE_UPLINKS}),
        (16, 8, 0),
    ),
    "DGX B300 on two planes of Spectrum-4": (
        (2, "dgx-b300", 32, {**SPECTRUM, "planes": 2}),
        (8, 4, 0),
    ),
}


@pytest.mark.parametrize(("system", "switches"), CASES.values(), ids=CASES.keys())
def test_known_systems_can_be_written_down(system, switches):
    """Leaves, spines and cores are those of one plane."""
    loaded = site_of(*system)
    fabric = compute_fabric(loaded)
    assert [problem.rule for problem in find_problems(loaded, fabric)] == []
    assert (size := fabric.size) is not None
    assert (size.leaves, size.spines, size.cores) == switches
