"""The reaction to a leak is armed, is seen to be, and works when it is needed."""

from pathlib import Path

import pytest

from clusterwright.access.guard import Guard
from clusterwright.access.leak_policy import apply, differences, policy, read
from clusterwright.errors import DeviceRefused
from tests.access.facility_rig import ROOT, rig, until
from tests.access.redfish_service import serving
from tests.faults.operator import broken, client

WARM, COLD, CDU = "su1-n3", "su1-n1", "cdu1"
IDLE, IN_SERVICE = Guard(in_service=False), Guard(in_service=True)
OFF = policy("ForceOff")


@pytest.mark.asyncio
async def test_an_armed_node_goes_down_when_it_finds_a_leak(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(WARM)
        async with client(lab, WARM) as redfish:
            assert [d.path for d in differences(OFF, await read(redfish))] == ["reaction"]
            outcome = await apply(redfish, OFF, IN_SERVICE)
            assert (outcome.state, outcome.pending) == (OFF, ())
        async with broken(lab, "node-leak", WARM):
            await until(lambda: not lab.hosts.running(WARM))
            async with client(lab, WARM) as redfish:
                assert (await read(redfish)).leaking == ("Manifold",)


@pytest.mark.asyncio
async def test_an_armed_cdu_closes_its_valve(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        async with client(lab, CDU) as redfish:
            await apply(redfish, policy("GracefulShutdown", 0), IDLE)
        async with broken(lab, "leak", CDU):
            await until(lambda: lab.running.site.cdus[CDU].memory.state.valve_closed)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("guard", "left"),
    [
        pytest.param(IN_SERVICE, "ForceOff", id="in service"),
        pytest.param(IDLE, "None", id="not in service"),
        pytest.param(
            Guard(in_service=True, allowed=frozenset({"power-cycle"})), "None", id="allowed"
        ),
    ],
)
async def test_nobody_disarms_what_protects_jobs(tmp_path: Path, guard: Guard, left: str) -> None:
    async with rig(tmp_path) as lab, client(lab, WARM) as redfish:
        await apply(redfish, OFF, IDLE)
        outcome = await apply(redfish, policy("None"), guard)
        assert outcome.state.reaction == left
        assert [d.pending for d in outcome.pending] == [True] * (left == "ForceOff")


@pytest.mark.asyncio
async def test_a_leaking_node_in_service_is_not_armed_under_its_jobs(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, broken(lab, "node-leak", WARM):
        async with client(lab, WARM) as redfish:
            outcome = await apply(redfish, OFF, IN_SERVICE)
        assert outcome.state.reaction == "None"
        assert [(d.path, d.pending) for d in outcome.pending] == [("reaction", True)]


@pytest.mark.asyncio
async def test_applying_again_writes_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, client(lab, WARM) as redfish:
        await apply(redfish, OFF, IDLE)
        detector = lab.running.site.nodes[WARM].leak
        assert detector is not None
        tag = await redfish.get(detector.path)
        await apply(redfish, OFF, IDLE)
        assert await redfish.get(detector.path) == tag


@pytest.mark.asyncio
async def test_a_node_without_a_detector_says_so(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, client(lab, COLD) as redfish:
        with pytest.raises(DeviceRefused, match="none has a leak detector"):
            await apply(redfish, OFF, IDLE)


@pytest.mark.asyncio
async def test_a_detector_that_sees_nothing_or_only_reports_is_named(certificates: Path) -> None:
    chassis, path = f"{ROOT}/Chassis/1", f"{ROOT}/Chassis/1/LeakDetectors"
    async with serving(certificates) as service, service.client() as redfish:
        service.resources[f"{ROOT}/"]["Chassis"] = {"@odata.id": f"{ROOT}/Chassis"}
        service.collect(f"{ROOT}/Chassis", chassis).add(chassis, LeakDetectors={"@odata.id": path})
        service.collect(path, f"{path}/Rope")
        service.add(f"{path}/Rope", Id="Rope", DetectorState="Absent")
        (found,) = differences(policy("None"), await read(redfish))
        assert (found.path, found.actual) == ("blind", "Rope")
        with pytest.raises(DeviceRefused, match="only reports and cannot react"):
            await apply(redfish, OFF, IDLE)
