"""Storage ports of 400 Gb/s on a switch of 800, whose ports are to be split for them."""

import pytest

from tests.sites import heal, mistakes_of, own_model, plan_of
from tests.superpods import PDU
from tests.unit.test_small_networks import with_racks_bought_whole

NO_CABLE = (
    "fabrics.storage.cable: no cable of 800 Gb/s joins gb200-compute-tray and sn5600: neither a "
    "plug nor a transceiver of 800g-singlemode-lc goes into the qsfp112 cages of "
    "gb200-compute-tray: "
)


def site(folder, **fabric):
    """Return two racks of GB200 whose storage ports go to an SN5600."""
    (folder / "catalogue/pdus").mkdir(parents=True)
    (folder / "catalogue/pdus/management-pdu.yml").write_text(PDU)
    written = with_racks_bought_whole()
    storage = {"kind": "ethernet", "switch": "sn5600", "cable": "auto", "racks": ["r1"]}
    written["fabrics"]["storage"] = storage | fabric
    return written


def test_ports_that_no_cable_of_their_speed_joins_are_told_how_to_be_split(tmp_path):
    written = site(tmp_path)
    (found,) = mistakes_of(tmp_path, written)
    assert f"{found.path}: {found.rule}" == f"{NO_CABLE}write fabrics.storage.breakout: 2"


@pytest.mark.parametrize("cable", ["auto", "800g-multimode"])
def test_splitting_them_joins_nodes_at_half_the_speed(cable, tmp_path):
    written = site(tmp_path, cable=cable)
    assert heal(tmp_path, written) == ()
    assert written["fabrics"]["storage"]["breakout"] == 2
    plan = plan_of(tmp_path, written)
    ours = [one for one in plan.links if (one.fabric, one.tier) == ("storage", "node-leaf")]
    assert {one.speed_gbps for one in ours} == {400}


def test_ports_that_cannot_be_split_are_told_of_no_split(tmp_path):
    own_model(tmp_path, "switches/sn5600", breakouts=[{"ports": 1, "speed_gbps": 800}])
    (found,) = mistakes_of(tmp_path, site(tmp_path))
    assert found.rule.endswith("as no single change helps")
    assert found.remedy == ()
