"""An in-band network of SN5600, whose cages are split for hosts of 100 Gb/s."""

import pytest
import yaml

from clusterwright.site_folder import find_site
from tests.sites import CATALOGUE, heal, mistakes_of, own_model, plan_of

OF_QSFP28, OF_QSFP56 = "100g-dac-split-osfp", "100g-dac-split4-osfp"


def site(breakout: int):
    """Return the lab with DGX H100 alone, beside a management host of 100 GbE and both leaves."""
    written = yaml.safe_load(find_site("lab").definition.read_text())
    fabrics = written["fabrics"]
    written["facility"]["racks"][0]["power_limit_kw"] = 60
    del written["facility"]["cooling"]["loops"], written["compute"][0]["groups"][1]
    del written["servers"], written["installation"], written["pools"]["inference"]
    fabrics["compute"]["racks"] = ["r2"]
    fabrics["inband"] |= {"switch": "sn5600", "breakout": breakout, "racks": ["r1"]}
    fabrics["inband"] |= {"cable": "auto", "uplink_cable": "auto"}
    fabrics["oob"] |= {"racks_per_switch": 2, "uplink_cable": "auto"}
    return written


def cages_of_head(folder, connector: str, nic: str) -> None:
    """Give management hosts ports of 100 GbE in cages of another kind."""
    port = {"role": "in-band", "speed_gbps": 100, "connector": connector, "nic": nic}
    bmc = {"name": "bmc", "cage": "BMC", "role": "management", "speed_gbps": 1, "connector": "rj45"}
    ports = [{**port, "name": f"inband{n}", "cage": f"SLOT1P{n}"} for n in (1, 2)]
    own_model(folder, "servers/management-1u", ports=[*ports, bmc])


def cables_of_head(plan) -> set[tuple[str, int]]:
    links = [link for link in plan.links if link.fabric == "inband" and link.a.device == "head"]
    assert {link.b.device for link in links} == {"inband-leaf1", "inband-leaf2"}
    return {(link.cable, link.speed_gbps) for link in links}


def test_four_lanes_of_a_qsfp28_take_half_a_cage(tmp_path):
    assert cables_of_head(plan_of(tmp_path, site(2))) == {(OF_QSFP28, 100)}


@pytest.mark.parametrize(
    ("connector", "nic"),
    [
        pytest.param("qsfp56", "connectx-6-dual", id="ConnectX-6"),
        pytest.param("qsfp112", "bluefield-3-dual", id="BlueField-3"),
    ],
)
def test_two_lanes_of_50g_take_a_quarter(connector, nic, tmp_path):
    cages_of_head(tmp_path, connector, nic)
    assert cables_of_head(plan_of(tmp_path, site(4))) == {(OF_QSFP56, 100)}


def test_a_qsfp28_that_a_quarter_of_a_cage_is_for_is_told_of_the_half(tmp_path):
    written = site(4)
    (found,) = mistakes_of(tmp_path, written)
    assert f"{found.path}: {found.rule}" == (
        "fabrics.inband.cable: 100g-dac-split-osfp serves 2 ports of a cage, but cage 62 of sn5600 "
        "is split into more: write fabrics.inband.breakout: 2"
    )
    assert heal(tmp_path, written) == ()
    assert cables_of_head(plan_of(tmp_path, written)) == {(OF_QSFP28, 100)}


def test_cages_that_no_cable_of_the_speed_goes_into_are_said_to_have_none(tmp_path):
    server = yaml.safe_load((CATALOGUE / "servers/dgx-h100.yml").read_text())
    slow = {"speed_gbps": 100, "connector": "osfp"}
    ports = [port | slow if port["role"] == "in-band" else port for port in server["ports"]]
    own_model(tmp_path, "servers/dgx-h100", ports=ports)
    (found,) = mistakes_of(tmp_path, site(2))
    assert found.rule.startswith("no cable of 100 Gb/s joins dgx-h100 and sn5600: ")
    assert found.rule.endswith(
        "choose another device, or add a cable to the site's own catalogue, as no single change "
        "helps"
    )
    assert found.remedy == ()


def test_a_host_that_copper_does_not_reach_is_told_of_a_switch_that_light_goes_into(tmp_path):
    written = site(2)
    written["management"][0]["rack"] = "r2"
    (found,) = mistakes_of(tmp_path, written)
    assert "even 100g-dac-split-osfp reaches only 2 m" in found.rule
    assert found.rule.endswith("use a switch that longer ones go into, such as sn4600c")
    assert heal(tmp_path, written) == ()
    assert cables_of_head(plan_of(tmp_path, written)) == {("aoc-100g", 100)}
