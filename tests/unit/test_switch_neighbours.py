"""Where the ports of a switch lead, against the plan."""

import pytest

from clusterwright.access.switch import Neighbour, SwitchState
from clusterwright.design import design
from clusterwright.load import load_site
from clusterwright.operate.rack.gates import neighbours
from clusterwright.operate.rack.verdict import Verdict
from clusterwright.site_folder import find_site

RIGHT = {
    "49": Neighbour(device="inband-leaf1", port="33"),
    "50": Neighbour(device="inband-leaf2", port="33"),
}


@pytest.fixture(scope="module")
def plan():
    return design(load_site(find_site("lab")))


@pytest.fixture(scope="module")
def cables(plan):
    switch = next(one for one in plan.switches if one.name == "r1-oob")
    return neighbours.uplinks(neighbours.cables_of(plan, switch))


def checks(cables, met, up=("49", "50")):
    state = SwitchState(up=frozenset(up), neighbours=met, ports_of={})
    return {c.sentence.split()[1]: c for c in neighbours.compare("r1-oob", cables, state)}


def test_an_out_of_band_switch_has_two_uplinks(cables):
    assert [cable.port for cable in cables] == ["49", "50"]
    assert {c.verdict for c in checks(cables, RIGHT).values()} == {Verdict.PASS}


@pytest.mark.parametrize(
    ("changed", "up", "found", "remedy"),
    [
        pytest.param(
            {"50": Neighbour(device="inband-leaf2", port="34")},
            ("49", "50"),
            "port 50 of r1-oob leads to port 34 of inband-leaf2, but port 33 of inband-leaf2 is "
            "planned there",
            "plug the far end of the cable in port 50 of r1-oob into port 33 of inband-leaf2",
            id="another port",
        ),
        pytest.param(
            {"50": RIGHT["49"], "49": RIGHT["50"]},
            ("49", "50"),
            "port 50 of r1-oob leads to port 33 of inband-leaf1, but port 33 of inband-leaf2 is "
            "planned there",
            "exchange the cables in ports 49 and 50 of r1-oob",
            id="exchanged",
        ),
        pytest.param(
            {"50": Neighbour(device="", port="02:00")},
            ("49", "50"),
            "port 50 of r1-oob leads to port 02:00 of a device without a name, but port 33 of "
            "inband-leaf2 is planned there",
            "plug the far end of the cable in port 50 of r1-oob into port 33 of inband-leaf2",
            id="a nameless one",
        ),
        pytest.param(
            {},
            ("49",),
            "port 50 of r1-oob has no link, but port 33 of inband-leaf2 is planned there",
            "see that the cable from port 50 of r1-oob to port 33 of inband-leaf2 is plugged in at "
            "both ends, and that both ports are switched on",
            id="no link",
        ),
    ],
)
def test_a_cable_that_is_not_as_planned_is_named_with_its_remedy(
    cables, changed, up, found, remedy
):
    check = checks(cables, {**RIGHT, **changed}, up)["50"]
    assert (check.verdict, check.found, check.remedy) == (Verdict.FAIL, found, remedy)


def test_who_says_nothing_is_asked_to(cables):
    check = checks(cables, {"49": RIGHT["49"]})["50"]
    assert check.verdict is Verdict.FAIL
    assert "nobody there says who it is" in check.found
    assert "switch LLDP on at inband-leaf2" in check.remedy


def test_only_cables_to_ethernet_switches_are_asked_by_lldp(plan):
    switch = next(one for one in plan.switches if one.name == "inband-leaf1")
    cables = neighbours.cables_of(plan, switch)
    speaking = neighbours.between_switches(plan, cables)
    assert {(c.port, c.far.device) for c in speaking} == {
        ("33", "r1-oob"),
        ("34", "r2-oob"),
        ("63", "inband-leaf2"),
        ("64", "inband-leaf2"),
        ("MGMT", "r1-oob"),
    }
    [mute] = neighbours.mute(switch.name, [one for one in cables if one not in speaking])
    assert mute.verdict is Verdict.NOT_PROVEN
    assert "at the other end of 5 cables" in mute.found
