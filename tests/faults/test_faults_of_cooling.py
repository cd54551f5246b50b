"""Faults of coolant, and what they do to nodes; repair is seen, too."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.access.facility_rig import ROOT, SYSTEM, Rig, rig, until
from tests.faults.operator import apply, broken

CHASSIS = f"{ROOT}/Chassis/1"
CDU = f"{ROOT}/ThermalEquipment/CDUs/1"
CONNECTOR = f"{CDU}/SecondaryCoolantConnectors/1"
SEL = f"{SYSTEM}/LogServices/SEL/Entries"
WARM, COLD = "su1-n3", "su1-n1"
"""A node that the loop cools, and one that air cools."""


async def temperature(lab: Rig, node: str = WARM) -> Any:
    return (await lab.get(node, f"{CHASSIS}/Sensors/GPU0Temp"))["Reading"]


async def flow(lab: Rig) -> Any:
    return (await lab.get("cdu1", CONNECTOR))["FlowLitersPerMinute"]["Reading"]


async def said(lab: Rig, subject: str, path: str = SEL) -> str:
    """What a log says, on one line for each entry."""
    entries = (await lab.get(subject, path))["Members"]
    return "\n".join(f"{entry['Severity']}: {entry['Message']}" for entry in entries)


async def health(lab: Rig, subject: str, path: str) -> Any:
    return (await lab.get(subject, path))["Status"]["Health"]


@pytest.mark.asyncio
async def test_without_its_spare_pump_the_flow_holds(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert await apply(lab, "cdu1") == ""
        before = await flow(lab)
        async with broken(lab, "pump-lost", "cdu1"):
            assert await flow(lab) == before
            assert await health(lab, "cdu1", f"{CDU}/Pumps/1") == "Critical"
            unit = await lab.get("cdu1", CDU)
            assert unit["PumpRedundancy"][0]["Status"]["Health"] == "Warning"
            assert await apply(lab, "cdu1") == ""
        assert await health(lab, "cdu1", CDU) == "OK"


@pytest.mark.asyncio
async def test_without_pumps_nodes_grow_hot_warn_throttle_and_shut_down(tmp_path: Path) -> None:
    async with rig(tmp_path, times={"lag_s": 1.0}) as lab:
        assert await apply(lab, "cdu1") == ""
        for node in (WARM, COLD):
            await lab.power_on(node)
        bmc = lab.running.site.nodes[WARM]
        full_watts = bmc.power_watts
        async with broken(lab, "pumps-lost", "cdu1"):
            assert await flow(lab) == 0
            assert await temperature(lab) < 80, "it takes time"
            await until(lambda: bmc.heat.health == "Warning")
            assert lab.hosts.running(WARM)
            await until(lambda: bmc.heat.throttled)
            assert bmc.power_watts < full_watts
            gpu = await lab.get(WARM, f"{SYSTEM}/Processors/GPU0")
            assert (gpu["Throttled"], gpu["ThrottleCauses"]) == (True, ["ThermalLimit"])
            await until(lambda: not lab.hosts.running(WARM))
            assert (await lab.get(WARM, SYSTEM))["PowerState"] == "Off"
            assert lab.hosts.running(COLD), "air cools it"
        words = await said(lab, WARM)
        assert "Critical: su1-n3: GPUs reached 95 °C: power is cut" in words
        await until(lambda: bmc.heat.health == "OK")
        assert await apply(lab, WARM) == ""


@pytest.mark.asyncio
@pytest.mark.parametrize("reaction", ["None", "GracefulShutdown", "ForceOff"])
async def test_a_node_reacts_to_its_leak_as_it_is_armed(tmp_path: Path, reaction: str) -> None:
    detector = f"{CHASSIS}/LeakDetectors/Manifold"
    async with rig(tmp_path) as lab:
        await lab.power_on(WARM)
        assert (await lab.patch(WARM, detector, {"CriticalReactionType": reaction})).status == 200
        async with broken(lab, "node-leak", WARM):
            shown = await lab.get(WARM, f"{CHASSIS}/ThermalSubsystem/LeakDetection")
            assert shown["LeakDetectorGroups"][0]["Detectors"][0]["DetectorState"] == "Critical"
            if reaction == "None":
                await asyncio.sleep(0.05)
            else:
                await until(lambda: not lab.hosts.running(WARM))
                assert lab.hosts.stops == [(WARM, reaction == "GracefulShutdown")]
            assert lab.hosts.running(WARM) == (reaction == "None")
        assert await health(lab, WARM, detector) == "OK"
        assert await apply(lab, WARM) == ""


@pytest.mark.asyncio
async def test_a_node_that_leaks_is_not_switched_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        async with broken(lab, "node-leak", WARM):
            told = await apply(lab, WARM)
            assert told.endswith(
                "leak detector Manifold sees a leak: it is not switched on; find the leak and "
                "close it first"
            )
            assert not lab.hosts.running(WARM)
        assert await apply(lab, WARM) == ""


@pytest.mark.asyncio
async def test_a_cdu_that_leaks_stops_and_closes_its_valve_where_it_is_armed(
    tmp_path: Path,
) -> None:
    detector = f"{ROOT}/Chassis/CDU/LeakDetectors/Tray"
    async with rig(tmp_path) as lab:
        await lab.patch("cdu1", detector, {"CriticalReactionType": "ForceOff"})
        async with broken(lab, "leak", "cdu1"):
            cdu = lab.running.site.cdus["cdu1"]
            await until(lambda: cdu.memory.state.valve_closed)
            assert await flow(lab) == 0
            loop = await lab.get("cdu1", f"{ROOT}/ThermalEquipment/CoolingLoops/1")
            assert (loop["CoolantLevelStatus"], loop["Status"]["Health"]) == ("Critical",) * 2
        for path, body in (
            (f"{CDU}/Actions/CoolingUnit.SetMode", {"Mode": "Enabled"}),
            (f"{CONNECTOR}/Actions/CoolantConnector.ValveControl", {"ValveState": "Open"}),
        ):
            assert (await lab.ask("cdu1", "POST", path, body)).status == 204
        assert await flow(lab) > 0


@pytest.mark.asyncio
async def test_warm_water_makes_a_warm_supply_and_hot_gpus(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert await apply(lab, "cdu1") == ""
        await lab.power_on(WARM)
        before = await temperature(lab)
        async with broken(lab, "supply-warm", "cdu1"):
            supply = (await lab.get("cdu1", CONNECTOR))["SupplyTemperatureCelsius"]["Reading"]
            assert supply == 50
            assert await temperature(lab) == pytest.approx(before + 18, abs=0.1)
        assert await temperature(lab) == pytest.approx(before, abs=0.1)


@pytest.mark.asyncio
async def test_a_clogged_filter_is_made_up_for_as_long_as_the_pumps_can(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert await apply(lab, "cdu1") == ""
        speed = f"{CDU}/Pumps/2"
        before = (await lab.get("cdu1", speed))["PumpSpeedPercent"]["Reading"]
        held = await flow(lab)
        async with broken(lab, "filter-clogged", "cdu1"):
            assert (await lab.get("cdu1", speed))["PumpSpeedPercent"]["Reading"] > before + 10
            assert await flow(lab) == held
            assert await health(lab, "cdu1", f"{CDU}/Filters/1") == "Critical"
        assert await health(lab, "cdu1", f"{CDU}/Filters/1") == "OK"
