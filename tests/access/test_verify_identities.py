"""Who stands where: the lab's servers against the record, healthy and with each fault of theirs."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from clusterwright.access.redfish import Redfish
from clusterwright.access.vault import Login
from clusterwright.catalogue import load_catalogue
from clusterwright.design.hardware import list_hardware
from clusterwright.design.models import list_models
from clusterwright.design.plan import Controller, Hardware, Platform, SitePlan
from clusterwright.lab.delivered import record_of
from clusterwright.lab.facility.network_adapters import nics_of
from clusterwright.verify.identity_checks import (
    ADAPTER,
    ADAPTERS,
    GPUS,
    MODEL,
    OTHER_GPUS,
    SERIAL,
    TPM,
    check_identities,
)
from clusterwright.verify.report import Kind, Report
from tests.access.facility_rig import PASSWORD, USERNAME, Rig, rig

NODES = ("su1-n1", "su1-n2", "su1-n3", "su1-n4")


@dataclass
class Site:
    lab: Rig
    plan: SitePlan

    def connect(self, controller: Controller) -> AbstractAsyncContextManager[Redfish]:
        return Redfish(
            address=f"{controller.address}:{self.lab.port}",
            login=Login(username=USERNAME, password=PASSWORD),
            ca_file=self.lab.ca_file,
            name=controller.name,
            deadline_s=60.0,
        )

    async def check(self, rack: str | None = None) -> Report:
        return await check_identities(self.plan, rack, self.connect)

    async def with_fault(self, name: str, subject: str) -> Report:
        await self.lab.running.set_fault(name, subject, active=True)
        return await self.check()


@asynccontextmanager
async def recorded(folder: Path) -> AsyncIterator[Site]:
    async with rig(folder) as lab:
        catalogue = load_catalogue()
        hardware = list_hardware(lab.plan, record_of(lab.plan, catalogue))
        models = list_models(catalogue, lab.plan)
        yield Site(lab=lab, plan=replace(lab.plan, hardware=hardware, models=models))


def checks_of(site: Site, *nodes: str) -> int:
    """Model, serial number, adapters, GPUs, no others; and each port."""
    servers = load_catalogue().servers
    models = {node.name: servers[node.server] for node in site.plan.nodes}
    return sum(5 + len(nics_of(models[node])) for node in nodes)


@pytest.mark.asyncio
async def test_every_server_of_a_healthy_lab_is_the_one_of_the_record(tmp_path: Path) -> None:
    async with recorded(tmp_path) as site:
        report = await site.check()
        assert (report.findings, report.unproven, report.passed) == (
            (),
            (),
            checks_of(site, *NODES),
        )
        assert (await site.check("r1")).passed == checks_of(site, "su1-n1", "su1-n2")


@pytest.mark.asyncio
async def test_what_the_record_does_not_know_is_not_proven(tmp_path: Path) -> None:
    async with recorded(tmp_path) as site:
        site.plan = replace(site.plan, hardware=())
        report = await site.check()
        assert (report.passed, report.findings) == (4 * 2, ())
        assert {one.check for one in report.unproven} == {MODEL, SERIAL, ADAPTERS}
        assert all("clusterwright intake" in one.reason for one in report.unproven)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fault", "check", "expected", "actual"),
    [
        pytest.param("wrong-serial", SERIAL, "EMU-SU1-N1", None, id="serial"),
        pytest.param("gpu-missing", GPUS, "8", "7", id="gpu"),
        pytest.param("nic-missing", ADAPTER.format("ibp24s0"), None, "(not found)", id="nic"),
    ],
)
async def test_a_part_that_is_not_the_delivered_one_is_a_finding(
    tmp_path: Path, fault: str, check: str, expected: str | None, actual: str | None
) -> None:
    async with recorded(tmp_path) as site:
        (finding,) = (await site.with_fault(fault, "su1-n1")).findings
        assert (finding.subject, finding.check) == ("su1-n1", check)
        assert expected in (None, finding.expected)
        assert actual in (None, finding.actual)
        assert finding.remedy
        assert finding.kind is (Kind.DRIFT if fault == "wrong-serial" else Kind.MISSING)


def without(hardware: Hardware, port: str) -> Hardware:
    return replace(hardware, macs=tuple(one for one in hardware.macs if one.port != port))


@pytest.mark.asyncio
async def test_another_model_is_a_finding(tmp_path: Path) -> None:
    async with recorded(tmp_path) as site:
        first = replace(site.plan.hardware[0], model="DGX B200")
        models = tuple(one for one in site.plan.models if one.name != "dgx-h100")
        site.plan = replace(site.plan, hardware=(first,), models=models)
        (finding,) = (await site.check("r1")).findings
        assert (finding.kind, finding.check) == (Kind.DRIFT, MODEL)
        assert (finding.expected, finding.actual) == ("DGX B200", "dgx-h100")


@pytest.mark.asyncio
async def test_a_port_that_the_record_lacks_is_not_proven_where_the_record_lacks_some(
    tmp_path: Path,
) -> None:
    async with recorded(tmp_path) as site:
        first = without(site.plan.hardware[0], "eno3")
        site.plan = replace(site.plan, hardware=(first, *site.plan.hardware[1:]))
        report = await site.check("r1")
        (unproven,) = report.unproven
        assert (unproven.subject, unproven.check, report.findings) == ("su1-n1", ADAPTERS, ())
        assert unproven.reason.startswith("the record does not know eno3 (")


@pytest.mark.asyncio
async def test_a_port_that_nobody_delivered_is_unexpected(tmp_path: Path) -> None:
    async with recorded(tmp_path) as site:
        fewer = tuple(
            replace(one, network_ports=one.network_ports - 1) if one.network_ports else one
            for one in site.plan.models
        )
        first = without(site.plan.hardware[0], "eno3")
        site.plan = replace(site.plan, models=fewer, hardware=(first, *site.plan.hardware[1:]))
        (finding,) = (await site.check("r1")).findings
        assert (finding.kind, finding.check) == (Kind.UNEXPECTED, ADAPTERS)
        assert (finding.expected, finding.actual[:6]) == ("(none)", "eno3 (")


@pytest.mark.asyncio
async def test_servers_in_each_others_place_are_named_with_both_places(tmp_path: Path) -> None:
    async with recorded(tmp_path) as site:
        fault = site.lab.running.possible_faults
        subject = next(where for name, where in fault if name == "nodes-swapped")
        report = await site.with_fault("nodes-swapped", subject)
        serials = [one for one in report.findings if one.check == SERIAL]
        assert len(serials) == 2
        assert all("stand in each other's place" in one.remedy for one in report.findings)


@pytest.mark.asyncio
async def test_a_server_that_does_not_answer_is_not_proven(tmp_path: Path) -> None:
    async with recorded(tmp_path) as site:
        report = await site.with_fault("bmc-unreachable", "su1-n2")
        assert report.findings == ()
        assert {one.subject for one in report.unproven} == {"su1-n2"}
        assert {one.check for one in report.unproven} == {MODEL, SERIAL, ADAPTERS, GPUS, OTHER_GPUS}
        assert report.passed == checks_of(site, "su1-n1", "su1-n3", "su1-n4")


@pytest.mark.asyncio
async def test_a_tpm_that_must_be_there_is_looked_for(tmp_path: Path) -> None:
    async with recorded(tmp_path) as site:
        with_tpm = Platform(
            model="dgx-h100",
            secure_boot=None,
            boot_order=None,
            restore_policy=None,
            power_limit_watts=None,
            tpm=True,
        )
        site.plan = replace(site.plan, platforms=(with_tpm,))
        report = await site.check("r1")
        assert (report.findings, report.passed) == ((), checks_of(site, "su1-n1", "su1-n2") + 2)
        for one in ("su1-n1", "su1-n2"):
            tree = site.lab.running.site.nodes[one].tree
            tree.lenses.append(
                lambda _, body: {
                    **body,
                    **(
                        {"Links": {**body["Links"], "TrustedComponents": []}}
                        if "Links" in body
                        else {}
                    ),
                }
            )
        report = await site.check("r1")
        assert {(one.check, one.actual) for one in report.findings} == {(TPM, "(not found)")}
