"""The emulated CDU: set points, pumps, and how warm that leaves the GPUs."""

from pathlib import Path
from typing import Any

import pytest

from tests.access.facility_rig import CONNECTOR, ROOT, Rig, rig

CONTROLS = f"{ROOT}/Chassis/CDU/Controls"
PRESSURE, FLOW = "DeltaPressureControlkPa", "FlowControlLitersPerMinute"
TEMPERATURE = "SupplyTemperatureControlCelsius"


async def set_point(lab: Rig, excerpt: str, value: float, mode: str = "Automatic") -> None:
    change = {excerpt: {"SetPoint": value, "ControlMode": mode}}
    assert (await lab.patch("cdu1", CONNECTOR, change)).status == 200


async def reading(lab: Rig, name: str) -> Any:
    return (await lab.get("cdu1", CONNECTOR))[name]["Reading"]


async def pump_speed(lab: Rig) -> Any:
    pump = await lab.get("cdu1", f"{ROOT}/ThermalEquipment/CDUs/1/Pumps/1")
    return pump["PumpSpeedPercent"]["Reading"]


async def gpu_temperature(lab: Rig, node: str = "su1-n3") -> Any:
    return (await lab.get(node, f"{ROOT}/Chassis/1/Sensors/GPU0Temp"))["Reading"]


@pytest.mark.asyncio
async def test_measured_values_follow_the_set_points(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await set_point(lab, TEMPERATURE, 32)
        await set_point(lab, PRESSURE, 150)
        assert await reading(lab, "SupplyTemperatureCelsius") == 32
        assert await reading(lab, "DeltaPressurekPa") == 150


@pytest.mark.asyncio
async def test_more_pressure_means_more_flow_and_faster_pumps(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await set_point(lab, PRESSURE, 100)
        slow = (await pump_speed(lab), await reading(lab, "FlowLitersPerMinute"))
        await set_point(lab, PRESSURE, 200)
        fast = (await pump_speed(lab), await reading(lab, "FlowLitersPerMinute"))
        assert slow < fast
        assert slow[1] < fast[1]


@pytest.mark.asyncio
async def test_a_flow_set_point_is_reached(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await set_point(lab, FLOW, 18)
        assert await reading(lab, "FlowLitersPerMinute") == 18


@pytest.mark.asyncio
@pytest.mark.parametrize(("one", "other"), [(PRESSURE, FLOW), (FLOW, PRESSURE)])
async def test_pressure_and_flow_are_not_both_held(tmp_path: Path, one: str, other: str) -> None:
    async with rig(tmp_path) as lab:
        await set_point(lab, other, 30)
        await set_point(lab, one, 30)
        connector = await lab.get("cdu1", CONNECTOR)
        modes = (connector[one]["ControlMode"], connector[other]["ControlMode"])
        assert modes == ("Automatic", "Disabled")


@pytest.mark.asyncio
async def test_a_control_and_its_excerpt_are_one_thing(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert (
            await lab.patch("cdu1", f"{CONTROLS}/SupplyTemperature", {"SetPoint": 30})
        ).status == 200
        excerpt = (await lab.get("cdu1", CONNECTOR))[TEMPERATURE]
        assert (excerpt["SetPoint"], excerpt["DataSourceUri"]) == (
            30,
            f"{CONTROLS}/SupplyTemperature",
        )


@pytest.mark.asyncio
async def test_a_set_point_out_of_range_is_refused(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        change = {TEMPERATURE: {"SetPoint": 95}}
        answer = await lab.patch("cdu1", CONNECTOR, change)
        assert (answer.status, answer.message_ids) == (400, ["PropertyValueOutOfRange"])


@pytest.mark.asyncio
async def test_set_points_survive_a_restart(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await set_point(lab, TEMPERATURE, 31)
        await lab.running.close()
        await lab.start()
        assert await reading(lab, "SupplyTemperatureCelsius") == 31


@pytest.mark.asyncio
async def test_less_coolant_is_hotter_for_the_nodes_of_its_loop_only(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        for node in ("su1-n1", "su1-n3"):
            await lab.power_on(node)
        await set_point(lab, PRESSURE, 200)
        before = (await gpu_temperature(lab), await gpu_temperature(lab, "su1-n1"))
        await set_point(lab, PRESSURE, 20)
        after = (await gpu_temperature(lab), await gpu_temperature(lab, "su1-n1"))
        assert after[0] > before[0] + 5
        assert after[1] == before[1]


@pytest.mark.asyncio
async def test_warmer_coolant_is_hotter(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on("su1-n3")
        await set_point(lab, TEMPERATURE, 25)
        cool = await gpu_temperature(lab)
        await set_point(lab, TEMPERATURE, 40)
        assert await gpu_temperature(lab) == pytest.approx(cool + 15)


@pytest.mark.asyncio
async def test_stopped_pumps_move_no_coolant(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        change = {"SpeedControlPercent": {"ControlMode": "Manual", "SetPoint": 0}}
        await lab.patch("cdu1", f"{ROOT}/ThermalEquipment/CDUs/1/Pumps/1", change)
        assert await reading(lab, "FlowLitersPerMinute") == 0
