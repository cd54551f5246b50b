"""In-band cores of another model than the leaves."""

from collections import Counter
from typing import Any

import pytest
import yaml

from clusterwright.design.networks import list_all_joints
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats, taken
from tests.superpods import definition, loaded, networks_of


def superpod(**inband: Any) -> dict[str, Any]:
    """Return DGX SuperPOD H100 with further keys of its in-band network, on SN4600C."""
    site = yaml.safe_load(definition())
    site["fabrics"]["inband"] |= {"uplink_cable": "auto", **inband}
    return site


def test_cores_run_at_the_speed_of_the_leaves_uplinks(tmp_path):
    """SN4600 runs its ports of 200 Gb/s at 100, too."""
    site = loaded(superpod(core_switch="sn4600"), tmp_path)
    networks, problems = networks_of(site)
    assert problems == []
    models = Counter((one.tier, one.model) for one in networks.places["inband"])
    assert models == {("core", "sn4600"): 2, ("leaf", "sn4600c"): 6}
    seats = taken(list_seats(site, list_racks(site)))
    joints = [one for one in list_all_joints(site, networks, seats) if one.fabric == "inband"]
    speeds = Counter((one.tier, one.speed_gbps) for one in joints)
    assert speeds["leaf-core", 100] == 24
    # To whoever is around, cores run as fast as they and the cable can.
    assert speeds["uplink", 100] == 4


WIDE = {
    "title": "Twice the ports of SN4600C",
    "source": "This test",
    "confidence": "assumed",
    "fabric_kind": "ethernet",
    "cages": 128,
    "ports_per_cage": 1,
    "speed_gbps": 100,
    "connector": "qsfp28",
    "height_units": 4,
    "power_max_watts": None,
    "power_supplies": None,
}


def test_cores_with_more_ports_join_more_leaves(tmp_path):
    """Eight leaves of 24 uplinks take 96 ports of each of two cores."""
    asked = {"leaf_uplinks": 24, "cores": 2, "leaves": 8}
    _, problems = networks_of(loaded(superpod(**asked), tmp_path))
    assert [one.partition(":")[0] for one in problems] == ["fabrics.inband.cores"]
    own = {"switches/wide": WIDE}
    networks, problems = networks_of(loaded(superpod(core_switch="wide", **asked), tmp_path, own))
    assert problems == []
    assert Counter(one.tier for one in networks.places["inband"]) == {"core": 2, "leaf": 8}


@pytest.mark.parametrize(
    ("core", "rule"),
    [
        (
            "qm9700",
            "the network is ethernet, but a qm9700 switches infiniband: write sn4600c, or choose "
            "another switch",
        ),
        (
            "q",
            "uplinks of sn4600c run at 100 Gb/s and less, ports of q at 30, and they share no "
            "speed: choose another switch for the cores",
        ),
    ],
    ids=["InfiniBand", "no speed in common"],
)
def test_cores_that_do_not_go_with_the_leaves_are_a_mistake(core, rule, tmp_path):
    odd = {"switches/q": {**WIDE, "speed_gbps": 30}}
    _, problems = networks_of(loaded(superpod(core_switch=core), tmp_path, odd))
    assert f"fabrics.inband.core_switch: {rule}" in problems
