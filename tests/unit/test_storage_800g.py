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


def test_servers_of_known_speed_are_told_where_ports_of_storage_are_split(tmp_path):
    port = {"role": "storage", "speed_gbps": 400, "connector": "qsfp112"}
    ports = [{**port, "name": f"storage{n}", "cage": f"SLOT1P{n}"} for n in (1, 2)]
    bmc = {"name": "bmc", "cage": "BMC", "role": "management", "speed_gbps": 1, "connector": "rj45"}
    written = site(tmp_path, appliances={"breakout": 4}, breakout=2)
    own_model(tmp_path, "servers/storage-nvme-2u", ports=[*ports, bmc])
    fast = {"name": "fast", "model": "storage-nvme-2u", "racks": ["r1"], "count": 2, "ports": 2}
    written["storage"] = [fast]
    found = next(one for one in mistakes_of(tmp_path, written) if one.path.startswith("storage"))
    assert found.rule == (
        "storage ports of storage-nvme-2u run at 400 Gb/s, but ports of sn5600 split by 4 run at "
        "200 Gb/s for storage: write fabrics.storage.appliances.breakout: 2"
    )
    assert [(one.path, one.value) for one in found.remedy] == [
        ("fabrics.storage.appliances.breakout", "2")
    ]
