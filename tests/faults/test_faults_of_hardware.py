"""Faults of what stands behind the controllers, as Redfish shows them; repair is seen, too."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.faults.operator import apply, broken, drift
from tests.unit.facility_rig import OUTLETS, RESET, ROOT, SHELF, SYSTEM, Rig, rig, until

CHASSIS = f"{ROOT}/Chassis/1"
CDU = f"{ROOT}/ThermalEquipment/CDUs/1"
CONNECTOR = f"{CDU}/SecondaryCoolantConnectors/1"
SEL = f"{SYSTEM}/LogServices/SEL/Entries"
INVENTORY = f"{ROOT}/UpdateService/FirmwareInventory"
WARM, COLD = "su1-n3", "su1-n1"
"""A node that the loop cools, and one that air cools."""


async def members(lab: Rig, subject: str, path: str) -> list[str]:
    found = (await lab.get(subject, path))["Members"]
    return [member["@odata.id"].rpartition("/")[2] for member in found]


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
async def test_a_wrong_serial_is_shown_wherever_the_serial_is(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        async with broken(lab, "wrong-serial", COLD):
            for path in (SYSTEM, CHASSIS):
                assert (await lab.get(COLD, path))["SerialNumber"] == "EMU-STRANGER"
            assert await drift(lab, COLD) == await drift(lab, "su1-n2")
        assert (await lab.get(COLD, SYSTEM))["SerialNumber"] == "EMU-SU1-N1"


@pytest.mark.asyncio
async def test_swapped_nodes_show_each_others_serials_and_macs(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        paths = (
            SYSTEM,
            f"{SYSTEM}/EthernetInterfaces",
            f"{ROOT}/Managers/BMC/EthernetInterfaces/eth0",
        )
        nic = f"{SYSTEM}/EthernetInterfaces/{(await members(lab, COLD, paths[1]))[0]}"

        async def identity(node: str) -> tuple[Any, ...]:
            system, own, port = [await lab.get(node, one) for one in (SYSTEM, paths[2], nic)]
            return system["SerialNumber"], system["UUID"], own["MACAddress"], port["MACAddress"]

        one, other = await identity("su1-n1"), await identity("su1-n2")
        async with broken(lab, "nodes-swapped", "su1-n1"):
            assert (await identity("su1-n1"), await identity("su1-n2")) == (other, one)
        assert (await identity("su1-n1"), await identity("su1-n2")) == (one, other)


@pytest.mark.asyncio
async def test_a_missing_gpu_and_nic_are_nowhere(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        adapters = await members(lab, COLD, f"{CHASSIS}/NetworkAdapters")
        async with broken(lab, "gpu-missing", COLD), broken(lab, "nic-missing", COLD):
            gpus = [n for n in await members(lab, COLD, f"{SYSTEM}/Processors") if "GPU" in n]
            assert gpus == [f"GPU{n}" for n in range(7)]
            assert (await lab.ask(COLD, "GET", f"{SYSTEM}/Processors/GPU7")).status == 404
            assert await members(lab, COLD, f"{CHASSIS}/NetworkAdapters") == adapters[1:]
        assert (await lab.get(COLD, f"{SYSTEM}/Processors/GPU7"))["Id"] == "GPU7"
        assert await members(lab, COLD, f"{CHASSIS}/NetworkAdapters") == adapters


@pytest.mark.asyncio
async def test_firmware_that_reverts_runs_as_before_and_the_log_says_so(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        firmware = lab.running.site.nodes[COLD].parts.firmware

        async def update() -> Any:
            firmware.stage("BIOS", "2.0.0")
            await lab.reset(COLD, "On" if not lab.hosts.running(COLD) else "ForceRestart")
            await lab.finished(COLD)
            return (await lab.get(COLD, f"{INVENTORY}/BIOS"))["Version"]

        async with broken(lab, "firmware-reverts", COLD):
            assert await update() == "1.0.0"
            assert "Critical: BIOS 2.0.0 did not start: 1.0.0 runs again" in await said(lab, COLD)
        assert await update() == "2.0.0"
        assert (await lab.get(COLD, SYSTEM))["BiosVersion"] == "2.0.0"


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


@pytest.mark.asyncio
async def test_a_lost_feed_takes_its_outlets_and_no_node(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(COLD)
        feed = lab.plan.pdus[0].feed
        pdu = lab.plan.pdus[0].name
        async with broken(lab, "feed-lost", feed):
            told = await apply(lab, pdu, patience_s=0.6, outlets={1: "On"})
            assert "outlets.1 is Off, but must be On: did not take within 0.6 s" in told
            assert await health(lab, COLD, f"{CHASSIS}/PowerSubsystem") == "Warning"
            assert lab.hosts.running(COLD)
        assert await apply(lab, pdu, outlets={1: "On"}) == ""
        assert await health(lab, COLD, f"{CHASSIS}/PowerSubsystem") == "OK"
        peak = (await lab.get(pdu, f"{ROOT}/Chassis/PDU/Sensors/PeakCurrentMains1"))["Reading"]
        assert peak > 100, "everything took its inrush at once"


@pytest.mark.asyncio
async def test_a_meter_that_measures_nonsense_is_below_zero(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        async with broken(lab, "metering-nonsense", "r1-pdu-a"):
            assert (await lab.get("r1-pdu-a", f"{OUTLETS}/1"))["PowerWatts"]["Reading"] < 0
            assert await drift(lab, "r1-pdu-a", outlets={1: "On"}) == []
        assert (await lab.get("r1-pdu-a", f"{OUTLETS}/1"))["PowerWatts"]["Reading"] > 0


@pytest.mark.asyncio
async def test_a_failed_supply_is_not_taken_for_a_lost_cord(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(COLD)
        name = lab.plan.nodes[0].power_supplies[0].name
        path = f"{CHASSIS}/PowerSubsystem/PowerSupplies/{name}"
        async with broken(lab, "power-supply-failed", COLD):
            shown = await lab.get(COLD, path)
            assert (shown["LineInputStatus"], shown["Status"]["Health"]) == ("Normal", "Critical")
            assert lab.hosts.running(COLD)
        assert await health(lab, COLD, path) == "OK"


@pytest.mark.asyncio
async def test_swapped_cords_are_found_by_switching_an_outlet(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        supplies = lab.plan.nodes[0].power_supplies
        first, path = supplies[0], f"{CHASSIS}/PowerSubsystem/PowerSupplies"

        async def dark() -> list[str]:
            found = [await lab.get(COLD, f"{path}/{supply.name}") for supply in supplies]
            return [one["Id"] for one in found if one["LineInputStatus"] != "Normal"]

        async with broken(lab, "cords-swapped", COLD):
            await lab.switch(first.pdu, first.outlet, "Off")
            [other] = await dark()
            assert other != first.name
        assert await dark() == [first.name]


@pytest.mark.asyncio
async def test_a_shelf_without_a_rectifier_can_give_less(tmp_path: Path) -> None:
    async with rig(tmp_path, shelves=(SHELF,)) as lab:
        path = f"{ROOT}/Chassis/Shelf/PowerSubsystem"
        async with broken(lab, "power-supply-failed", SHELF.name):
            assert await health(lab, SHELF.name, f"{path}/PowerSupplies/PSU0") == "Critical"
            assert lab.running.site.shelves[SHELF.name].capacity_watts == pytest.approx(27_500)
        assert await health(lab, SHELF.name, path) == "OK"


@pytest.mark.asyncio
async def test_a_server_that_is_deaf_to_resets_hears_again(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        async with broken(lab, "reset-ignored", COLD):
            assert (await lab.ask(COLD, "POST", RESET, {"ResetType": "On"})).status == 204
            assert not lab.hosts.running(COLD)
        await lab.power_on(COLD)
