"""What drift reads of a BMC: everything that is declared, in few requests, and what is not so."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from clusterwright.access import firmware, node, platform
from clusterwright.access.guard import Guard
from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login, Made
from clusterwright.design.plan import (
    Controller,
    ControllerPolicy,
    FirmwareBaseline,
    FirmwareComponent,
    Hardware,
    Platform,
    SitePlan,
)
from clusterwright.lab.authority import issue, make_ca
from clusterwright.verify import desired
from clusterwright.verify.facility_drift import facility_drift
from clusterwright.verify.report import Report
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, rig

NODE, MOST_REQUESTS = "su1-n3", 15
FREE = Guard(in_service=False)


@dataclass
class Site:
    """One node of the lab with everything declared that can be, and who reads it."""

    lab: Rig
    plan: SitePlan
    login: Login = field(default_factory=lambda: Login(username=USERNAME, password=PASSWORD))
    made: Made = field(default_factory=Made)
    requests: list[str] = field(default_factory=list)

    def connect(self, controller: Controller) -> AbstractAsyncContextManager[Redfish]:
        return Redfish(
            address=f"{controller.address}:{self.lab.port}",
            login=self.login,
            ca_file=self.lab.ca_file,
            name=controller.name,
            deadline_s=60.0,
        )

    async def drift(self) -> Report:
        return await facility_drift(self.plan, self.connect, lambda _: self.made)

    async def settle(self) -> None:
        """Let the node be as it is declared."""
        own = self.plan.nodes[0]
        async with self.connect(own.controller) as client:
            await node.apply(client, desired.node_state(own), FREE)
            await platform.apply(client, desired.platform_state(self.plan.platforms[0]), FREE)
            await firmware.apply(client, desired.firmware_state(self.plan.firmware[0]), FREE)
        for one in (own.controller, *own.board_controllers):
            subject = one.name.removesuffix("-bmc") if one is own.controller else one.name
            self.lab.running.endpoints[subject].device.service.memory.update(
                hostname=one.name,
                ntp_enabled=True,
                ntp_servers=("10.100.0.1",),
                address={
                    "Address": str(one.address),
                    "SubnetMask": "255.255.252.0",
                    "Gateway": "10.100.0.1",
                },
            )


@asynccontextmanager
async def declared(folder: Path) -> AsyncIterator[Site]:
    async with rig(folder) as lab:
        named = next(one for one in lab.plan.nodes if one.name == NODE)
        own = replace(named, power_supplies=())
        plan = replace(
            lab.plan,
            nodes=(own,),
            management_hosts=(),
            switches=(),
            pdus=(),
            loops=(),
            controllers=ControllerPolicy(
                dhcp=False,
                prefix_length=22,
                gateway=IPv4Address("10.100.0.1"),
                vlan=0,
                time_servers=("10.100.0.1",),
                rotation=0,
                password_days=90,
                valid_days=398,
                renew_days=30,
            ),
            platforms=(
                Platform(
                    model=own.server,
                    secure_boot=False,
                    boot_order=None,
                    restore_policy="LastState",
                    power_limit_watts=9000,
                ),
            ),
            firmware=(
                FirmwareBaseline(
                    model=own.server,
                    downgrade=False,
                    components=(
                        FirmwareComponent(
                            name="BIOS",
                            version="1.0.0",
                            image="http://127.0.0.1/bios",
                            activation="reset",
                            order=0,
                        ),
                    ),
                ),
            ),
        )
        one = Site(lab=lab, plan=plan)

        async def count(request: web.BaseRequest, answer: Callable[..., Any]) -> Any:
            one.requests.append(f"{request.method} {request.path}")
            return await answer(request)

        lab.running.endpoints[NODE].device.service.hooks.append(count)
        await one.settle()
        one.requests.clear()
        yield one


def found(report: Report) -> dict[str, str]:
    return {f"{one.subject}: {one.check}": one.actual for one in report.findings}


@pytest.mark.asyncio
async def test_another_server_in_its_place_is_drift(tmp_path: Path) -> None:
    async with declared(tmp_path) as site:
        delivered = Hardware(name=NODE, serial="S1", model="", macs=(), guids=(), fingerprint="")
        site.plan = replace(site.plan, hardware=(delivered,))
        report = await site.drift()
        check = "the server is the one that was delivered for its place"
        assert found(report) == {f"{NODE}: {check}": "EMU-SU1-N3"}


@pytest.mark.asyncio
async def test_all_that_is_declared_is_read_in_few_requests(tmp_path: Path) -> None:
    async with declared(tmp_path) as site:
        report = await site.drift()
        assert (found(report), report.unproven) == ({}, ())
        # BIOS attributes, power and boot; platform; firmware; three controllers with ten settings.
        assert report.passed == 6 + 3 + 1 + 3 * 11
        assert len(site.requests) <= MOST_REQUESTS, "\n".join(site.requests)


@pytest.mark.asyncio
async def test_what_somebody_has_changed_is_found_where_it_is(tmp_path: Path) -> None:
    async with declared(tmp_path) as site:
        bmc = site.lab.running.site.nodes[NODE]
        bmc.memory.update(power_limit_watts=8000.0, restore_policy="AlwaysOff")
        bmc.service.memory.update(firmware={"BIOS": "0.9"}, ntp_servers=("10.9.9.9",))
        board = site.lab.running.site.boards[f"{NODE}-hgx"]
        board.service.memory.update(hostname="somebody", dhcp=True)
        assert found(await site.drift()) == {
            "su1-n3: the power limit, W, is as declared": "8000",
            "su1-n3: what the server does when its power comes back is as declared": "AlwaysOff",
            "su1-n3: firmware of BIOS is that of the baseline": "0.9",
            "su1-n3: the controller's time servers are as declared": "10.9.9.9",
            "su1-n3-hgx: the controller's name is as planned": "somebody",
            "su1-n3-hgx: the controller gets its address as declared": "true",
        }


@pytest.mark.asyncio
async def test_a_password_that_is_too_old_is_a_finding_on_every_controller(tmp_path: Path) -> None:
    async with declared(tmp_path) as site:
        site.made = Made(changed=datetime.now(UTC).date() - timedelta(days=91))
        report = await site.drift()
        assert set(found(report).values()) == {"91"}
        assert len(report.findings) == 3


@pytest.mark.asyncio
async def test_a_certificate_of_another_ca_is_a_finding_and_the_rest_not_proven(
    tmp_path: Path,
) -> None:
    async with declared(tmp_path) as site:
        at = site.lab.running.endpoints[NODE]
        make_ca(tmp_path / "maker", name="A maker of servers")
        maker = issue(tmp_path / "maker", at.controller.name, at.controller.address)
        at.listener.open(maker)
        report = await site.drift()
        (finding,) = report.findings
        assert finding.check == "the controller's certificate is of the site's CA"
        assert "its certificate is not trusted" in finding.actual
        assert {one.subject for one in report.unproven} == {NODE}
        assert site.requests == []


@pytest.mark.asyncio
async def test_of_a_tls_that_is_too_old_the_remedy_is_firmware(tmp_path: Path) -> None:
    async with declared(tmp_path) as site:
        await site.lab.running.set_fault("tls-too-old", NODE, active=True)
        (finding,) = (await site.drift()).findings
        assert finding.check == "the controller's certificate is of the site's CA"
        assert finding.remedy.startswith("update the controller's firmware by hand")


@pytest.mark.asyncio
async def test_a_password_that_is_refused_is_a_finding(tmp_path: Path) -> None:
    async with declared(tmp_path) as site:
        site.login = Login(username=USERNAME, password="of somebody else")
        report = await site.drift()
        checks = {finding.check for finding in report.findings}
        assert checks == {"the vault's password opens the controller"}
        assert "of somebody else" not in report.to_json()
