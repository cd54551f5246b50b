"""What a server's BMC offers beyond power and BIOS; and what PDUs and CDUs do beyond on and off."""

from pathlib import Path
from typing import Any

import pytest

from tests.access.facility_rig import CONNECTOR, OUTLETS, ROOT, SYSTEM, Rig, rig

BMC, PDU, CDU = "su1-n1", "r1-pdu-a", "cdu1"
CHASSIS = f"{ROOT}/Chassis/1"
CD = f"{SYSTEM}/VirtualMedia/CD1"
ISO = "https://10.0.0.1/ubuntu.iso"


async def post(lab: Rig, subject: str, path: str, body: Any) -> int:
    return (await lab.ask(subject, "POST", path, body)).status


@pytest.mark.asyncio
async def test_one_image_is_out_before_another_is_in(tmp_path: Path) -> None:
    insert, eject = (f"{CD}/Actions/VirtualMedia.{verb}Media" for verb in ("Insert", "Eject"))
    async with rig(tmp_path) as lab:
        assert await post(lab, BMC, insert, {"Image": ISO}) == 204
        assert await post(lab, BMC, insert, {"Image": ISO}) == 409
        drive = await lab.get(BMC, CD)
        assert (drive["Image"], drive["ImageName"], drive["Inserted"]) == (ISO, "ubuntu.iso", True)
        assert await post(lab, BMC, eject, {}) == 204
        assert (await lab.get(BMC, CD))["Inserted"] is False


@pytest.mark.asyncio
async def test_secure_boot_is_on_from_the_next_boot(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        path = f"{SYSTEM}/SecureBoot"
        assert (await lab.patch(BMC, path, {"SecureBootEnable": True})).status == 200
        assert (await lab.get(BMC, path))["SecureBootCurrentBoot"] == "Disabled"
        await lab.power_on(BMC)
        assert (await lab.get(BMC, path))["SecureBootCurrentBoot"] == "Enabled"


@pytest.mark.asyncio
async def test_a_boot_order_has_every_option_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        order = (await lab.get(BMC, SYSTEM))["Boot"]["BootOrder"]
        wanted = {"Boot": {"BootOrder": order[::-1]}}
        assert (await lab.patch(BMC, SYSTEM, wanted)).status == 200
        assert (await lab.get(BMC, SYSTEM))["Boot"]["BootOrder"] == order[::-1]
        twice = {"Boot": {"BootOrder": [*order[:-1], order[0]]}}
        assert (await lab.patch(BMC, SYSTEM, twice)).status == 400


@pytest.mark.asyncio
async def test_https_boot_trusts_the_cas_that_it_is_given(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        path = f"{SYSTEM}/Boot/Certificates"
        ca = {"CertificateString": lab.ca_file.read_text(), "CertificateType": "PEM"}
        answer = await lab.ask(BMC, "POST", path, ca)
        assert answer.status == 201
        await lab.running.close()
        await lab.start()
        own = answer.headers["Location"]
        assert (await lab.get(BMC, own))["CertificateString"] == ca["CertificateString"]
        assert (await lab.ask(BMC, "DELETE", own)).status == 204
        assert (await lab.get(BMC, path))["Members"] == []
        assert await post(lab, BMC, path, {"CertificateString": "x"}) == 400


@pytest.mark.asyncio
async def test_a_power_limit_limits_what_is_drawn(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(BMC)
        limit = {"PowerLimitWatts": {"SetPoint": 4000, "ControlMode": "Automatic"}}
        metrics = f"{CHASSIS}/EnvironmentMetrics"
        assert (await lab.get(BMC, metrics))["PowerWatts"]["Reading"] > 4000
        assert (await lab.patch(BMC, metrics, limit)).status == 200
        assert (await lab.get(BMC, metrics))["PowerWatts"]["Reading"] == 4000
        assert (await lab.get(BMC, f"{CHASSIS}/Controls/PowerLimit"))["SetPoint"] == 4000
        limit["PowerLimitWatts"]["SetPoint"] = 10
        assert (await lab.patch(BMC, metrics, limit)).status == 400


@pytest.mark.asyncio
async def test_everything_in_a_server_has_its_own_number(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        found = []
        for node in ("su1-n1", "su1-n2"):
            for path in (
                f"{SYSTEM}/Processors",
                f"{CHASSIS}/NetworkAdapters",
                f"{CHASSIS}/PowerSubsystem/PowerSupplies",
                f"{CHASSIS}/TrustedComponents",
            ):
                members = (await lab.get(node, f"{path}?$expand=."))["Members"]
                found += [one["SerialNumber"] for one in members if "CPU" not in one["Id"]]
        assert len(found) == len(set(found)) > 40


@pytest.mark.asyncio
async def test_a_delayed_outlet_is_switched_by_a_task(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        outlet = f"{OUTLETS}/3"
        assert (await lab.patch(PDU, outlet, {"PowerOffDelaySeconds": 0.05})).status == 200
        assert (await lab.switch(PDU, 3, "Off")).status == 202
        assert (await lab.get(PDU, outlet))["PowerState"] == "On"
        await lab.running.site.pdus[PDU].tasks.finished()
        assert (await lab.get(PDU, outlet))["PowerState"] == "Off"


@pytest.mark.asyncio
async def test_a_locked_outlet_is_not_switched(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert (await lab.patch(PDU, f"{OUTLETS}/3", {"PowerControlLocked": True})).status == 200
        assert (await lab.switch(PDU, 3, "Off")).status == 409


@pytest.mark.asyncio
async def test_outlets_that_come_back_one_by_one_take_less_at_once(tmp_path: Path) -> None:
    async def peak(lab: Rig) -> float:
        pdu = lab.running.site.pdus[PDU]
        pdu.meter.peak_amps = 0.0
        await pdu.set_feed(live=False)
        await pdu.set_feed(live=True)
        return pdu.meter.peak_amps

    async with rig(tmp_path) as lab:
        together = await peak(lab)
        for outlet in lab.running.site.pdus[PDU].outlets:
            delay = {"PowerRestoreDelaySeconds": outlet}
            assert (await lab.patch(PDU, f"{OUTLETS}/{outlet}", delay)).status == 200
        assert await peak(lab) < together / 2


@pytest.mark.asyncio
async def test_a_closed_valve_stops_the_flow(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        valve = f"{CONNECTOR}/Actions/CoolantConnector.ValveControl"
        for state, flows in (("Closed", False), ("Open", True)):
            assert await post(lab, CDU, valve, {"ValveState": state}) == 204
            shown = await lab.get(CDU, CONNECTOR)
            assert (shown["FlowLitersPerMinute"]["Reading"] > 0) == flows


@pytest.mark.asyncio
async def test_a_pump_that_is_switched_off_is_no_spare(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        unit = f"{ROOT}/ThermalEquipment/CDUs/1"
        off = f"{unit}/Pumps/2/Actions/Pump.SetMode"
        assert await post(lab, CDU, off, {"Mode": "Disabled"}) == 204
        shown = await lab.get(CDU, unit)
        assert shown["PumpRedundancy"][0]["Status"]["Health"] == "Warning"
        assert (await lab.get(CDU, f"{unit}/Pumps/2"))["Status"]["State"] == "Disabled"
