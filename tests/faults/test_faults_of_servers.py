"""Faults of a server, as its BMC shows them; repair is seen, too."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clusterwright.access import identity, node, power_change, strangers
from clusterwright.access.guard import Guard
from clusterwright.errors import DeviceRefused
from tests.access.facility_rig import RESET, ROOT, SYSTEM, Rig, rig
from tests.faults.operator import apply, broken, client, drift, wanted

CHASSIS = f"{ROOT}/Chassis/1"
SEL = f"{SYSTEM}/LogServices/SEL/Entries"
INVENTORY = f"{ROOT}/UpdateService/FirmwareInventory"
WARM, COLD = "su1-n3", "su1-n1"
"""A node that the loop cools, and one that air cools."""


async def members(lab: Rig, subject: str, path: str) -> list[str]:
    found = (await lab.get(subject, path))["Members"]
    return [member["@odata.id"].rpartition("/")[2] for member in found]


async def who(lab: Rig, subject: str) -> identity.IdentityState:
    """The server that its BMC finds."""
    async with client(lab, subject) as redfish:
        return await identity.read(redfish)


async def said(lab: Rig, subject: str, path: str = SEL) -> str:
    """What a log says, on one line for each entry."""
    entries = (await lab.get(subject, path))["Members"]
    return "\n".join(f"{entry['Severity']}: {entry['Message']}" for entry in entries)


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
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        pytest.param(
            "wrong-serial",
            "its serial number is EMU-STRANGER, but EMU-SU1-N1 is expected: another server stands "
            "here; put the right one in, or correct the manifest",
            id="wrong serial",
        ),
        pytest.param(
            "gpu-missing",
            "the number of GPUs NVIDIA H100 80GB HBM3 is 7, but 8 is expected: look into "
            "the BMC's log; reseat or replace the baseboard, or correct the manifest",
            id="missing gpu",
        ),
        pytest.param(
            "nic-missing",
            "network adapter ibp24s0 is (not found), but 02D2:6FFF:FEA9:4601 is expected: "
            "reseat or replace the adapter, then reset the server",
            id="missing nic",
        ),
    ],
)
async def test_a_server_that_is_not_as_expected_is_told_in_one_sentence(
    tmp_path: Path, fault: str, sentence: str
) -> None:
    async with rig(tmp_path) as lab:
        expected = await who(lab, COLD)
        async with broken(lab, fault, COLD):
            found = identity.differences(expected, await who(lab, COLD))
            assert strangers.sentences(COLD, found) == (f"{COLD}: {sentence}",)
            assert await who(lab, "su1-n2") != expected
        assert identity.differences(expected, await who(lab, COLD)) == ()


@pytest.mark.asyncio
async def test_a_stranger_is_left_as_it_is(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        desired = replace(wanted(lab, COLD), serial="EMU-SU1-N1")
        idle = Guard(in_service=False)
        before = await lab.get(COLD, SYSTEM)
        async with broken(lab, "wrong-serial", COLD), client(lab, COLD) as redfish:
            with pytest.raises(
                DeviceRefused,
                match="its serial number is EMU-STRANGER, but EMU-SU1-N1 is expected: nothing is "
                "set; another server stands here",
            ):
                await node.apply(redfish, desired, idle)
        assert await lab.get(COLD, SYSTEM) == before
        async with client(lab, COLD) as redfish:
            assert (await node.apply(redfish, desired, idle)).pending == ()


@pytest.mark.asyncio
async def test_swapped_nodes_are_named_together(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        nodes = ("su1-n1", "su1-n2", "su1-n3")
        expected = {node: await who(lab, node) for node in nodes}
        async with broken(lab, "nodes-swapped", "su1-n1"):
            actual = {node: await who(lab, node) for node in nodes}
        assert strangers.misplaced(expected, actual) == (
            "su1-n1 and su1-n2 stand in each other's place: exchange them or their management "
            "cables, or correct the manifest",
        )
        assert identity.differences(expected["su1-n3"], actual["su1-n3"]) == ()


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
async def test_a_server_that_is_deaf_to_resets_hears_again(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        async with broken(lab, "reset-ignored", COLD):
            assert (await lab.ask(COLD, "POST", RESET, {"ResetType": "On"})).status == 204
            assert not lab.hosts.running(COLD)
        await lab.power_on(COLD)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("forgets", "kind"),
    [
        pytest.param({}, "ForceRestart", id="a BMC that tells of resets"),
        pytest.param({"last_reset_at": ""}, "ForceOff", id="one that does not"),
    ],
)
async def test_a_restart_that_does_not_happen_is_found_whatever_the_bmc_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgets: dict[str, str], kind: str
) -> None:
    monkeypatch.setattr(power_change, "GRACE_S", 0.1)
    async with rig(tmp_path) as lab:
        assert await apply(lab, COLD) == ""
        memory = lab.running.site.nodes[COLD].memory
        memory.update(bios={**memory.state.bios, "SriovSupport": "Disabled"}, **forgets)
        async with broken(lab, "reset-ignored", COLD):
            told = await apply(lab, COLD, patience_s=0.6)
            assert f"has accepted {kind} twice and not acted within 0.6 s each" in told
            assert lab.hosts.running(COLD)
        assert await apply(lab, COLD) == ""
        assert await drift(lab, COLD) == []
