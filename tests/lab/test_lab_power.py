"""What hangs on an outlet feels it: cords, power supplies, node and host are coupled."""

from collections.abc import Iterator

import pytest

from clusterwright.design import design
from clusterwright.design.plan import Node, PowerSupply, SitePlan
from clusterwright.load import load_site
from clusterwright.site_folder import SiteFolder
from tests.lab.conftest import Instance
from tests.lab.test_lab_lifecycle import RESET, wait_until

pytestmark = pytest.mark.lab

NODE = "su1-n2"
CONTROL = "/redfish/v1/PowerEquipment/RackPDUs/1/Outlets/{}/Actions/Outlet.PowerControl"


def switch(instance: Instance, cord: PowerSupply, state: str) -> None:
    instance.redfish(cord.pdu, "POST", CONTROL.format(cord.outlet), {"PowerState": state})


def power_state(instance: Instance) -> str:
    return str(instance.redfish(NODE, "GET", "/redfish/v1/Systems/1")["PowerState"])


def answers(instance: Instance) -> bool:
    return instance.ssh(NODE, "true").returncode == 0


@pytest.fixture
def plan(running_lab: Instance) -> SitePlan:
    return design(load_site(SiteFolder(definition=running_lab.definition)))


@pytest.fixture
def node(running_lab: Instance, plan: SitePlan) -> Iterator[Node]:
    """A node that is on, with all its cords; off again afterwards, its cords in."""
    one = next(node for node in plan.nodes if node.name == NODE)
    running_lab.redfish(NODE, "POST", RESET, {"ResetType": "On"})
    assert wait_until(lambda: answers(running_lab))
    yield one
    for cord in one.power_supplies:
        switch(running_lab, cord, "On")
    running_lab.redfish(NODE, "POST", RESET, {"ResetType": "ForceOff"})
    assert wait_until(lambda: power_state(running_lab) == "Off")


def cords_of(plan: SitePlan, node: Node, feeds: str) -> list[PowerSupply]:
    pdus = {pdu.name: pdu.feed for pdu in plan.pdus}
    return [cord for cord in node.power_supplies if pdus[cord.pdu] in feeds]


def test_a_node_survives_the_loss_of_any_one_feed(
    running_lab: Instance, plan: SitePlan, node: Node
) -> None:
    for feed in ("A", "B", "C"):
        for cord in cords_of(plan, node, feed):
            switch(running_lab, cord, "Off")
        assert power_state(running_lab) == "On", feed
        assert answers(running_lab), feed
        for cord in cords_of(plan, node, feed):
            switch(running_lab, cord, "On")


def test_with_too_few_power_supplies_a_node_goes_down_and_comes_back_with_its_feed(
    running_lab: Instance, plan: SitePlan, node: Node
) -> None:
    lost = cords_of(plan, node, "AB")
    assert len(node.power_supplies) - len(lost) < node.power_supplies_needed
    for cord in lost:
        switch(running_lab, cord, "Off")
    assert wait_until(lambda: power_state(running_lab) == "Off")
    assert not answers(running_lab)
    for cord in lost:
        switch(running_lab, cord, "On")
    assert wait_until(lambda: answers(running_lab)), "its restore policy is LastState, which was on"
