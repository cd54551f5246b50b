"""A node behind its emulated BMC: power, boot override, BIOS, power supplies."""

from pathlib import Path
from typing import Any

import pytest

from tests.access.facility_rig import ROOT, SYSTEM, Rig, rig, until

SETTINGS = f"{SYSTEM}/Bios/Settings"
POLICY = "PowerRestorePolicy"


async def power_state(lab: Rig, node: str = "su1-n1") -> Any:
    return (await lab.get(node, SYSTEM))["PowerState"]


async def bios(lab: Rig, path: str = f"{SYSTEM}/Bios") -> Any:
    return (await lab.get("su1-n1", path))["Attributes"]["SriovSupport"]


@pytest.mark.asyncio
async def test_a_new_node_is_off_and_knows_what_it_is(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        system = await lab.get("su1-n1", SYSTEM)
        shown = {name: system[name] for name in ("PowerState", "Model", "SerialNumber")}
        assert shown == {"PowerState": "Off", "Model": "dgx-h100", "SerialNumber": "EMU-SU1-N1"}


@pytest.mark.asyncio
async def test_power_on_boots_the_host_and_power_off_stops_it(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on("su1-n1")
        assert await power_state(lab) == "On"
        assert lab.hosts.up == {"su1-n1"}
        assert (await lab.reset("su1-n1", "GracefulShutdown")).status == 202
        await lab.finished("su1-n1")
        assert lab.hosts.up == set()
        assert await power_state(lab) == "Off"
        assert lab.hosts.stops == [("su1-n1", True)]


@pytest.mark.asyncio
async def test_a_reset_is_a_task_that_completes(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        lab.hosts.released.clear()
        answer = await lab.reset("su1-n1", "On")
        assert answer.body["TaskState"] == "Running"
        assert (await lab.ask("su1-n1", "GET", answer.headers["Location"])).status == 202
        lab.hosts.released.set()
        await lab.finished("su1-n1")
        assert (await lab.get("su1-n1", answer.body["@odata.id"]))["TaskState"] == "Completed"
        assert (await lab.ask("su1-n1", "GET", answer.headers["Location"])).status == 200


@pytest.mark.asyncio
async def test_a_host_that_does_not_boot_shows_in_the_task(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        lab.hosts.broken.add("su1-n1")
        task = (await lab.reset("su1-n1", "On")).body["@odata.id"]
        await lab.finished("su1-n1")
        shown = await lab.get("su1-n1", task)
        assert shown["TaskState"] == "Exception"
        assert shown["Messages"][0]["Resolution"] == "host su1-n1 does not boot."


@pytest.mark.asyncio
async def test_a_host_that_ends_by_itself_turns_its_node_off(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on("su1-n1")
        lab.hosts.up.clear()
        assert await power_state(lab) == "Off"
        await lab.power_on("su1-n1")
        assert await power_state(lab) == "On"


@pytest.mark.asyncio
async def test_a_node_that_is_off_cannot_be_restarted(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        answer = await lab.reset("su1-n1", "ForceRestart")
        assert (answer.status, answer.message_ids) == (409, ["ResourceInStandby"])


@pytest.mark.asyncio
async def test_force_off_ends_a_self_test(tmp_path: Path) -> None:
    async with rig(tmp_path, post_s=60.0) as lab:
        assert (await lab.reset("su1-n1", "On")).status == 202
        device = lab.running.site.nodes["su1-n1"]
        await until(lambda: device.power.is_on)
        assert (await lab.reset("su1-n1", "ForceOff")).status == 202
        await lab.finished("su1-n1")
        assert not device.power.is_on
        assert lab.hosts.up == set()


@pytest.mark.asyncio
async def test_bios_attributes_wait_for_a_reset(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on("su1-n1")
        await lab.patch("su1-n1", SETTINGS, {"Attributes": {"SriovSupport": "Enabled"}})
        assert (await bios(lab), await bios(lab, SETTINGS)) == ("Disabled", "Enabled")
        assert (await lab.reset("su1-n1", "ForceRestart")).status == 202
        await lab.finished("su1-n1")
        assert lab.hosts.stops == [("su1-n1", False)]
        assert await bios(lab) == "Enabled"


@pytest.mark.asyncio
async def test_a_bios_attribute_set_back_is_not_pending(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        for value in ("Enabled", "Disabled"):
            await lab.patch("su1-n1", SETTINGS, {"Attributes": {"SriovSupport": value}})
        assert await bios(lab, SETTINGS) == "Disabled"
        assert lab.running.site.nodes["su1-n1"].memory.state.bios_pending == {}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        pytest.param({"SriovSupport": "Maybe"}, "PropertyValueNotInList", id="value"),
        pytest.param({"SriovSupport": 1}, "PropertyValueTypeError", id="type"),
        pytest.param({"Sriov": "Enabled"}, "PropertyUnknown", id="name"),
    ],
)
async def test_a_wrong_bios_attribute_is_refused(
    tmp_path: Path, attributes: dict[str, Any], message: str
) -> None:
    async with rig(tmp_path) as lab:
        answer = await lab.patch("su1-n1", SETTINGS, {"Attributes": attributes})
        assert (answer.status, answer.message_ids) == (400, [message])


@pytest.mark.asyncio
async def test_the_registry_describes_every_bios_attribute(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        current = await lab.get("su1-n1", f"{SYSTEM}/Bios")
        file = await lab.get("su1-n1", f"{ROOT}/Registries/{current['AttributeRegistry']}")
        registry = await lab.get("su1-n1", file["Location"][0]["Uri"])
        entries = {e["AttributeName"]: e for e in registry["RegistryEntries"]["Attributes"]}
        assert entries.keys() == current["Attributes"].keys()
        assert [v["ValueName"] for v in entries["SriovSupport"]["Value"]] == ["Disabled", "Enabled"]


@pytest.mark.asyncio
async def test_a_boot_override_for_once_is_used_up_by_a_boot(tmp_path: Path) -> None:
    override = {"BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe"}
    async with rig(tmp_path) as lab:
        boot = (await lab.patch("su1-n1", SYSTEM, {"Boot": override})).body["Boot"]
        assert override.items() <= boot.items()
        await lab.power_on("su1-n1")
        assert (await lab.get("su1-n1", SYSTEM))["Boot"]["BootSourceOverrideEnabled"] == "Disabled"


@pytest.mark.asyncio
async def test_a_continuous_boot_override_stays(tmp_path: Path) -> None:
    override = {"BootSourceOverrideEnabled": "Continuous", "BootSourceOverrideTarget": "Hdd"}
    async with rig(tmp_path) as lab:
        await lab.patch("su1-n1", SYSTEM, {"Boot": override})
        await lab.power_on("su1-n1")
        assert override.items() <= (await lab.get("su1-n1", SYSTEM))["Boot"].items()


@pytest.mark.asyncio
async def test_a_device_keeps_its_state_when_the_service_restarts(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.patch("su1-n1", SETTINGS, {"Attributes": {"SriovSupport": "Enabled"}})
        await lab.power_on("su1-n1")
        await lab.running.close()
        lab.hosts.up.clear()
        await lab.start()
        await lab.finished("su1-n1")
        assert (await power_state(lab), await bios(lab)) == ("On", "Enabled")
        assert lab.hosts.up == {"su1-n1"}


@pytest.mark.asyncio
async def test_a_node_runs_on_the_supplies_it_needs_and_not_on_fewer(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on("su1-n1")
        await lab.power_on("su1-n2")
        await lab.feed("su1-n1", "Off", supplies=2)
        assert await power_state(lab) == "On"
        await lab.feed("su1-n1", "Off", supplies=3)
        assert await power_state(lab) == "Off"
        assert lab.hosts.up == {"su1-n2"}
        assert lab.hosts.stops == [("su1-n1", False)]


@pytest.mark.asyncio
async def test_a_supply_shows_that_its_outlet_is_off(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.feed("su1-n1", "Off", supplies=1)
        supplies = f"{ROOT}/Chassis/1/PowerSubsystem/PowerSupplies"
        inputs = [
            (await lab.get("su1-n1", f"{supplies}/{supply.name}"))["LineInputStatus"]
            for supply in lab.plan.nodes[0].power_supplies
        ]
        assert inputs == ["LossOfInput", *["Normal"] * 5]


@pytest.mark.asyncio
async def test_a_node_without_enough_supplies_cannot_be_powered_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.feed("su1-n1", "Off", supplies=3)
        answer = await lab.reset("su1-n1", "On")
        assert answer.status == 409
        assert (
            "switch on the outlets"
            in answer.body["error"]["@Message.ExtendedInfo"][0]["Resolution"]
        )


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("policy", "was_on", "comes_back"),
    [
        pytest.param("LastState", True, True, id="last state, was on"),
        pytest.param("LastState", False, False, id="last state, was off"),
        pytest.param("AlwaysOff", True, False, id="always off"),
        pytest.param("AlwaysOn", False, True, id="always on"),
    ],
)
async def test_a_node_comes_back_as_its_restore_policy_says(
    tmp_path: Path, policy: str, *, was_on: bool, comes_back: bool
) -> None:
    async with rig(tmp_path) as lab:
        assert (await lab.patch("su1-n1", SYSTEM, {POLICY: policy})).body[POLICY] == policy
        power = lab.running.site.nodes["su1-n1"].power
        if was_on:
            await lab.power_on("su1-n1")
        await lab.feed("su1-n1", "Off", supplies=6)
        assert not power.is_on
        await lab.feed("su1-n1", "On", supplies=6)
        await lab.finished("su1-n1")
        assert power.is_on == comes_back


@pytest.mark.asyncio
async def test_a_host_that_had_ended_by_itself_is_not_restored(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on("su1-n1")
        lab.hosts.up.clear()
        await lab.feed("su1-n1", "Off", supplies=6)
        await lab.feed("su1-n1", "On", supplies=6)
        await lab.finished("su1-n1")
        assert lab.hosts.up == set()
