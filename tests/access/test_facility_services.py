"""What every emulated controller offers besides its device: events, updates, certificates, time."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from clusterwright.lab.authority import sign_request
from tests.access.facility_rig import PASSWORD, ROOT, SYSTEM, USERNAME, Rig, basic, rig, until

BMC = "su1-n1"
EVENTS, UPDATES = f"{ROOT}/EventService", f"{ROOT}/UpdateService"
INVENTORY = f"{UPDATES}/FirmwareInventory"
MANAGER = f"{ROOT}/Managers/BMC"
CERTIFICATES = f"{MANAGER}/NetworkProtocol/HTTPS/Certificates"
SERVICE = f"{ROOT}/CertificateService/Actions/CertificateService"


def happen(lab: Rig, text: str) -> None:
    journal = lab.running.site.nodes[BMC].service.journal
    journal.write("Warning", "ResourceErrorsDetected", text, origin=SYSTEM)


async def version(lab: Rig, component: str, subject: str = BMC) -> Any:
    return (await lab.get(subject, f"{INVENTORY}/{component}"))["Version"]


async def push(lab: Rig, image: Any, targets: list[str] | None = None) -> int:
    form = aiohttp.FormData()
    parameters = json.dumps({"Targets": targets or []})
    form.add_field("UpdateParameters", parameters, content_type="application/json")
    form.add_field("UpdateFile", json.dumps(image), content_type="application/octet-stream")
    headers = {"Authorization": basic(USERNAME, PASSWORD)}
    async with (
        aiohttp.ClientSession() as http,
        http.post(
            f"{lab.url(BMC)}{UPDATES}/multipart", data=form, headers=headers, ssl=lab.trust
        ) as answer,
    ):
        await lab.finished(BMC)
        return answer.status


def image(**components: str) -> dict[str, Any]:
    return {"model": "dgx-h100", "components": components}


@pytest.mark.asyncio
async def test_links_are_expanded_as_deep_as_asked(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        path = f"{SYSTEM}/Processors"
        shallow = (await lab.get(BMC, f"{path}?$expand=.($levels=1)"))["Members"]
        assert [one["Id"] for one in shallow][:3] == ["CPU0", "CPU1", "GPU0"]
        deep = await lab.get(BMC, f"{SYSTEM}?$expand=*($levels=2)")
        assert deep["Processors"]["Members"][0]["Id"] == "CPU0"
        assert deep["Links"]["Chassis"][0]["Id"] == "1"
        assert (await lab.ask(BMC, "GET", f"{path}?$expand=.($levels=9)")).status == 400


@pytest.mark.asyncio
async def test_a_service_that_does_not_expand_says_so(tmp_path: Path) -> None:
    async with rig(tmp_path, times={"expands": False}) as lab:
        features = (await lab.get(BMC, ROOT))["ProtocolFeaturesSupported"]
        assert "ExpandQuery" not in features
        assert (await lab.ask(BMC, "GET", f"{SYSTEM}?$expand=.")).status == 501


@pytest.mark.asyncio
async def test_what_happens_is_in_the_log_and_in_the_stream(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        headers = {"Authorization": basic(USERNAME, PASSWORD)}
        stream = (await lab.get(BMC, EVENTS))["ServerSentEventUri"]
        async with (
            aiohttp.ClientSession() as http,
            http.get(lab.url(BMC) + stream, headers=headers, ssl=lab.trust) as events,
        ):
            assert (await events.content.readline()).startswith(b":")
            happen(lab, "it happened")
            while not (line := await events.content.readline()).startswith(b"data: "):
                pass
        [record] = json.loads(line.removeprefix(b"data: "))["Events"]
        assert record["Message"] == "it happened"
        entries = f"{SYSTEM}/LogServices/SEL/Entries"
        [entry] = (await lab.get(BMC, entries))["Members"]
        assert (await lab.get(BMC, entry["@odata.id"]))["Message"] == "it happened"
        clear = f"{SYSTEM}/LogServices/SEL/Actions/LogService.ClearLog"
        assert (await lab.ask(BMC, "POST", clear, {})).status == 204
        assert (await lab.get(BMC, entries))["Members"] == []


@pytest.mark.asyncio
async def test_whoever_subscribes_is_told(tmp_path: Path) -> None:
    heard: list[Any] = []

    async def hear(request: web.BaseRequest) -> web.Response:
        heard.append(await request.json())
        return web.Response(status=204)

    runner = web.ServerRunner(web.Server(hear))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with rig(tmp_path, times={"pushes": True}) as lab:
            body = {"Destination": f"http://127.0.0.1:{port}/events", "Context": "mine"}
            answer = await lab.ask(BMC, "POST", f"{EVENTS}/Subscriptions", body)
            assert answer.status == 201
            happen(lab, "it happened")
            await until(lambda: bool(heard))
            assert (heard[0]["Context"], heard[0]["Events"][0]["MessageSeverity"]) == (
                "mine",
                "Warning",
            )
            assert (await lab.ask(BMC, "DELETE", answer.headers["Location"])).status == 204
    finally:
        await runner.cleanup()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("component", "enough", "too_little"),
    [
        pytest.param("BIOS", ("ForceRestart",), (), id="a reset"),
        pytest.param("NVSwitch0", ("FullPowerCycle",), ("ForceRestart", "PowerCycle"), id="aux"),
    ],
)
async def test_a_staged_image_runs_after_what_it_needs(
    tmp_path: Path, component: str, enough: tuple[str, ...], too_little: tuple[str, ...]
) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(BMC)
        before = await version(lab, component)
        assert await push(lab, image(**{component: "9.9"})) == 202
        assert await version(lab, f"{component}-staged") == "9.9"
        for kind in too_little:
            await lab.reset(BMC, kind)
            await lab.finished(BMC)
            assert await version(lab, component) == before
        for kind in enough:
            await lab.reset(BMC, kind)
            await lab.finished(BMC)
        assert await version(lab, component) == "9.9"
        assert (await lab.ask(BMC, "GET", f"{INVENTORY}/{component}-staged")).status == 404


@pytest.mark.asyncio
async def test_a_power_supplys_image_runs_when_all_cords_were_without_power(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert await push(lab, image(PSU0="9.9")) == 202
        supplies = len(lab.plan.nodes[0].power_supplies)
        await lab.feed(BMC, "Off", supplies=supplies)
        assert await version(lab, "PSU0") != "9.9"
        await lab.feed(BMC, "On", supplies=supplies)
        assert await version(lab, "PSU0") == "9.9"


@pytest.mark.asyncio
async def test_the_bmcs_own_image_runs_after_its_restart(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        wanted = [f"{INVENTORY}/BMC"]
        assert await push(lab, image(BMC="9.9", BIOS="9.9"), wanted) == 202
        assert (await lab.ask(BMC, "POST", f"{MANAGER}/Actions/Manager.Reset", {})).status == 204
        assert (await lab.get(BMC, MANAGER))["FirmwareVersion"] == "9.9"
        assert (await lab.ask(BMC, "GET", f"{INVENTORY}/BIOS-staged")).status == 404


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"model": "other", "components": {"BIOS": "2"}}, id="another model's"),
        pytest.param(image(Toaster="2"), id="of no component"),
        pytest.param([], id="no image"),
    ],
)
async def test_a_wrong_image_is_refused(tmp_path: Path, wrong: Any) -> None:
    async with rig(tmp_path) as lab:
        assert await push(lab, wrong) == 400


@pytest.mark.asyncio
async def test_a_certificate_of_the_sites_ca_replaces_the_one_it_came_with(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        address = str(lab.plan.nodes[0].controller.address)
        collection = {"@odata.id": CERTIFICATES}
        body = {
            "CertificateCollection": collection,
            "CommonName": "su1-n1-bmc",
            "AlternativeNames": [address],
        }
        csr = (await lab.ask(BMC, "POST", f"{SERVICE}.GenerateCSR", body)).body["CSRString"]
        signed = sign_request(lab.authority, csr)
        replace = {
            "CertificateUri": {"@odata.id": f"{CERTIFICATES}/1"},
            "CertificateType": "PEM",
            "CertificateString": signed,
        }
        answer = await lab.ask(BMC, "POST", f"{SERVICE}.ReplaceCertificate", replace)
        assert answer.status == 204, answer
        shown = await lab.get(BMC, f"{CERTIFICATES}/1")
        assert shown["Fingerprint"].replace(":", "") in _fingerprint(signed)
        await lab.running.close()
        await lab.start()
        assert (await lab.get(BMC, f"{CERTIFICATES}/1"))["Fingerprint"] == shown["Fingerprint"]
        strangers = (lab.authority / f"{lab.plan.loops[0].controller.name}.crt").read_text()
        foreign = {**replace, "CertificateString": strangers}
        refused = await lab.ask(BMC, "POST", f"{SERVICE}.ReplaceCertificate", foreign)
        assert refused.status == 400


def _fingerprint(pem: str) -> str:
    return x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA256()).hex().upper()


@pytest.mark.asyncio
async def test_a_clock_is_set_by_hand_only_without_time_servers(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        past = {"DateTime": "2001-01-01T00:00:00Z"}
        assert (await lab.patch(BMC, MANAGER, past)).status == 200
        assert (await lab.get(BMC, MANAGER))["DateTime"].startswith("2001-01-01T00:00:0")
        ntp = {"NTP": {"NTPServers": ["10.1.1.1"], "ProtocolEnabled": True}}
        assert (await lab.patch(BMC, f"{MANAGER}/NetworkProtocol", ntp)).status == 200
        assert (await lab.patch(BMC, MANAGER, past)).status == 400


@pytest.mark.asyncio
async def test_a_task_can_be_called_off(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        lab.hosts.released.clear()
        answer = await lab.reset(BMC, "On")
        path = answer.body["@odata.id"]
        assert (await lab.get(BMC, path))["TaskState"] == "Running"
        assert (await lab.ask(BMC, "DELETE", path)).status == 204
        await asyncio.sleep(0)
        await lab.finished(BMC)
        assert (await lab.get(BMC, path))["TaskState"] == "Cancelled"
