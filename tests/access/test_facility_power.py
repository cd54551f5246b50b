"""The emulated rack PDU: outlets, what they feed, and what is measured."""

from pathlib import Path

import pytest

from tests.access.facility_rig import OUTLETS, ROOT, Rig, rig

PDU = f"{ROOT}/PowerEquipment/RackPDUs/1"


async def watts(lab: Rig, path: str) -> float:
    reading = (await lab.get("r1-pdu-a", path))["PowerWatts"]["Reading"]
    assert isinstance(reading, float)
    return reading


@pytest.mark.asyncio
async def test_every_outlet_of_a_new_pdu_is_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        members = (await lab.get("r1-pdu-a", OUTLETS))["Members"]
        states = [(await lab.get("r1-pdu-a", m["@odata.id"]))["PowerState"] for m in members]
        assert states == ["On"] * 24


@pytest.mark.asyncio
async def test_an_outlet_is_switched_alone(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert (await lab.switch("r1-pdu-a", 3, "Off")).status == 204
        states = [(await lab.get("r1-pdu-a", f"{OUTLETS}/{n}"))["PowerState"] for n in (2, 3, 4)]
        assert states == ["On", "Off", "On"]
        assert (await lab.get("r1-pdu-b", f"{OUTLETS}/3"))["PowerState"] == "On"


@pytest.mark.asyncio
async def test_outlets_survive_a_restart(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.switch("r1-pdu-a", 3, "Off")
        await lab.running.close()
        await lab.start()
        assert (await lab.get("r1-pdu-a", f"{OUTLETS}/3"))["PowerState"] == "Off"


@pytest.mark.asyncio
async def test_an_outlet_that_does_not_exist_is_missing(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert (await lab.switch("r1-pdu-a", 25, "Off")).status == 404


@pytest.mark.asyncio
async def test_an_outlet_cannot_be_half_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        answer = await lab.switch("r1-pdu-a", 3, "Half")
        assert (answer.status, answer.message_ids) == (400, ["PropertyValueNotInList"])


@pytest.mark.asyncio
async def test_a_node_draws_more_when_it_is_on_and_from_its_live_outlets_only(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab:
        standby = await watts(lab, f"{OUTLETS}/1")
        await lab.power_on("su1-n1")
        running = await watts(lab, f"{OUTLETS}/1")
        assert running > standby > 0
        await lab.switch("r1-pdu-a", 2, "Off")
        assert await watts(lab, f"{OUTLETS}/2") == 0
        assert await watts(lab, f"{OUTLETS}/1") == pytest.approx(
            # Its first supply takes 0.9 of an even share, the one that went 1.02.
            running * 6 / 4.98,
            abs=0.01,
        )


@pytest.mark.asyncio
async def test_what_the_outlets_give_comes_in_by_branches_and_mains(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on("su1-n1")
        outlets = sum([await watts(lab, f"{OUTLETS}/{n}") for n in range(1, 25)])
        branches = sum([await watts(lab, f"{PDU}/Branches/{name}") for name in "ABC"])
        assert branches == pytest.approx(outlets, abs=0.2)
        assert await watts(lab, f"{PDU}/Mains/1") == pytest.approx(outlets, abs=0.2)
        assert await watts(lab, f"{PDU}/Metrics") == pytest.approx(outlets, abs=0.2)


@pytest.mark.asyncio
async def test_the_network_hears_of_a_server_that_is_dark_and_of_none_that_has_a_cord_left(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab:
        site, heard = lab.running.site, list[tuple[str, bool]]()
        site.power_changed = lambda name, live: heard.append((name, live))
        [node] = (one for one in lab.plan.nodes if one.name == "su1-n1")
        *others, last = node.power_supplies
        for supply in others:
            await lab.switch(supply.pdu, supply.outlet, "Off")
        assert (set(heard), site.dark) == ({("su1-n1", True)}, frozenset())
        await lab.switch(last.pdu, last.outlet, "Off")
        assert (heard[-1], site.dark) == (("su1-n1", False), {"su1-n1"})
        await lab.switch(last.pdu, last.outlet, "On")
        assert (heard[-1], site.dark) == (("su1-n1", True), frozenset())
