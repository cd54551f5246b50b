"""No server is switched on for which no coolant flows, as the CDU itself sees it."""

import pytest

from clusterwright.access import interlock, node
from clusterwright.access.coolant_flow import read_source
from clusterwright.access.interlock import CoolantSource
from clusterwright.errors import DeviceRefused
from tests.access.facility_rig import ROOT, rig
from tests.faults.operator import IDLE, broken, client, wanted

NODE, CDU = "su1-n3", "cdu1"
UNIT = f"{ROOT}/ThermalEquipment/CDUs/1"
BRANCH = f"{ROOT}/ThermalEquipment/CoolingLoops/1/SecondaryCoolantConnectors/r2"
FLOWS = CoolantSource(loop="tcs1", cdu="cdu/cdu1", pumps=2, least_pumps=1, flow_lpm=20.0)


def dry(**changes):
    return interlock.CoolantSource(
        **{"loop": "tcs2", "cdu": "cdu/cdu2", "pumps": 1, "least_pumps": 1, "flow_lpm": 9.0}
        | changes
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({}, "", id="it flows"),
        pytest.param({"pumps": None, "flow_lpm": None}, "", id="it tells no more than that"),
        pytest.param({"flow_lpm": 0.0}, "its flow is 0 l/min", id="no flow"),
        pytest.param({"pumps": 0}, "0 of its pumps work, and it needs 1", id="no pump"),
        pytest.param(
            {"pumps": 0, "least_pumps": None}, "0 of its pumps work, and it needs 1", id="no figure"
        ),
        pytest.param({"least_pumps": 2}, "1 of its pumps work, and it needs 2", id="too few pumps"),
        pytest.param({"flow_lpm": 0.5}, "", id="little flow is some"),
        pytest.param({"unit": "Disabled"}, "the CDU is Disabled", id="stopped"),
        pytest.param({"closed": ("r2",)}, "valve r2 is Closed", id="valve"),
        pytest.param(
            {"unknown": "no answer"}, "nobody can tell whether it flows (no answer)", id="silent"
        ),
    ],
)
def test_a_loop_that_does_not_flow_says_why(changes, reason):
    said = f"loop tcs2: cdu/cdu2: {reason}" if reason else ""
    assert interlock.why_dry([dry(**changes)]) == said


def test_of_several_loops_one_is_enough():
    assert not interlock.why_dry([dry(flow_lpm=0.0), FLOWS])
    assert interlock.why_dry([dry(flow_lpm=0.0), dry(pumps=0)]).count("loop tcs2") == 2


async def switch_on(lab):
    """Apply what is declared of a node that is off; return what the operator is told."""

    async def look():
        async with client(lab, CDU) as cdu:
            return (await read_source(cdu, "tcs1", valves=["tcs1", "r2"], least_pumps=1),)

    try:
        async with client(lab, NODE) as redfish:
            await node.apply(redfish, wanted(lab, NODE), IDLE, coolant=look, deadline_s=60.0)
    except DeviceRefused as error:
        return str(error)
    return ""


@pytest.mark.asyncio
async def test_without_pumps_a_node_is_not_switched_on_and_after_the_repair_it_is(tmp_path):
    async with rig(tmp_path) as lab:
        lab.hosts.released.set()
        async with broken(lab, "pumps-lost", CDU):
            told = await switch_on(lab)
            assert "su1-n3 (127.0.0.13" in told
            assert "no coolant flows to it (loop tcs1: cdu1 (" in told
            assert "0 of its pumps work, and it needs 1, its flow is 0 l/min): it is not" in told
            assert not lab.hosts.running(NODE)
        assert await switch_on(lab) == ""
        assert lab.hosts.running(NODE)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        pytest.param(
            f"{UNIT}/Actions/CoolingUnit.SetMode",
            {"Mode": "Disabled"},
            "the CDU is Disabled",
            id="a CDU that is stopped",
        ),
        pytest.param(
            f"{BRANCH}/Actions/CoolantConnector.ValveControl",
            {"ValveState": "Closed"},
            "valve r2 is Closed",
            id="a branch that is closed",
        ),
    ],
)
async def test_a_loop_that_somebody_stopped_is_named(tmp_path, path, body, reason):
    async with rig(tmp_path) as lab:
        assert (await lab.ask(CDU, "POST", path, body)).status < 300
        assert reason in await switch_on(lab)
        assert not lab.hosts.running(NODE)
