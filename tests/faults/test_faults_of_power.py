"""Faults of outlets, feeds, cords and supplies; repair is seen, too."""

from pathlib import Path
from typing import Any

import pytest

from tests.access.facility_rig import OUTLETS, ROOT, SHELF, Rig, rig
from tests.faults.operator import apply, broken, drift

CHASSIS = f"{ROOT}/Chassis/1"
WARM, COLD = "su1-n3", "su1-n1"
"""A node that the loop cools, and one that air cools."""


async def health(lab: Rig, subject: str, path: str) -> Any:
    return (await lab.get(subject, path))["Status"]["Health"]


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
