"""What an emulated server boots in place of its disk, and what its BMC says when it cannot."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clusterwright.errors import HostError
from clusterwright.lab.medium import Medium
from tests.access.facility_rig import SYSTEM, Hosts, Rig, rig

BMC = "su1-n1"
ISO = "https://10.101.0.1:8443/token/su1-n1.iso"
CD = f"{SYSTEM}/VirtualMedia/CD1/Actions/VirtualMedia"


@dataclass
class Installers(Hosts):
    """Hosts that remember what they were installed from."""

    media: list[Medium] = field(default_factory=list)
    failure: str = ""

    async def install(self, name: str, medium: Medium) -> None:
        self.media.append(medium)
        if self.failure:
            raise HostError(self.failure)
        self.up.add(name)


async def prepare(lab: Rig, target: str) -> None:
    override = {"BootSourceOverrideTarget": target, "BootSourceOverrideEnabled": "Once"}
    assert (await lab.patch(BMC, SYSTEM, {"Boot": override})).status == 200


@pytest.mark.asyncio
async def test_a_disc_is_booted_once(tmp_path: Path) -> None:
    hosts = Installers()
    async with rig(tmp_path, hosts=hosts) as lab:
        await lab.ask(BMC, "POST", f"{CD}.InsertMedia", {"Image": ISO})
        await prepare(lab, "Cd")
        await lab.power_on(BMC)
        await lab.reset(BMC, "ForceRestart")
        await lab.finished(BMC)
    assert hosts.media == [Medium(url=ISO)]


@pytest.mark.asyncio
async def test_https_boot_gets_the_cas_that_were_enrolled(tmp_path: Path) -> None:
    hosts = Installers()
    async with rig(tmp_path, hosts=hosts) as lab:
        pem = lab.ca_file.read_text()
        ca = {"CertificateString": pem, "CertificateType": "PEM"}
        await lab.ask(BMC, "POST", f"{SYSTEM}/Boot/Certificates", ca)
        await lab.patch(BMC, SYSTEM, {"Boot": {"HttpBootUri": ISO}})
        await prepare(lab, "UefiHttp")
        await lab.power_on(BMC)
    assert hosts.media == [Medium(url=ISO, authorities=(pem,))]


@pytest.mark.asyncio
@pytest.mark.parametrize("target", ["Cd", "UefiHttp", "Pxe"])
async def test_without_a_medium_the_disk_is_booted(tmp_path: Path, target: str) -> None:
    hosts = Installers()
    async with rig(tmp_path, hosts=hosts) as lab:
        await prepare(lab, target)
        await lab.power_on(BMC)
    assert hosts.media == []


@pytest.mark.asyncio
async def test_a_failed_installation_is_in_task_and_log(tmp_path: Path) -> None:
    hosts = Installers(failure="answer file: line 2: no such question")
    async with rig(tmp_path, hosts=hosts) as lab:
        await lab.ask(BMC, "POST", f"{CD}.InsertMedia", {"Image": ISO})
        await prepare(lab, "Cd")
        task = (await lab.reset(BMC, "On")).body
        await lab.finished(BMC)
        ended = await lab.get(BMC, task["@odata.id"])
        log = await lab.get(BMC, f"{SYSTEM}/LogServices/SEL/Entries")
        assert ended["TaskState"] == "Exception"
        assert "no such question" in ended["Messages"][0]["Resolution"]
        assert log["Members"][-1]["Message"] == (
            "su1-n1: installation failed: answer file: line 2: no such question"
        )
        assert (await lab.get(BMC, SYSTEM))["BootProgress"]["LastState"] in ("None", "SetupEntered")
