"""Each fault once: one sentence that names the resource, nothing else stops, repair converges."""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from clusterwright.access import certificate
from clusterwright.access.redfish import tasks
from tests.access.facility_rig import rig
from tests.faults.operator import apply, broken, client, drift

NODE, OTHER, CDU, PDU = "su1-n1", "su1-n2", "cdu1", "r1-pdu-a"
WHO = r"^{} \(127\.0\.\d+\.\d+:\d+\): "


@dataclass(frozen=True, kw_only=True)
class Case:
    """A fault, and what the operator is told; an empty sentence where they need not know."""

    fault: str
    subject: str
    sentence: str
    settings: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case(
        fault="bmc-unreachable",
        subject=NODE,
        sentence=r"GET /redfish/v1/: cannot be reached \(Connection refused\); check its power, "
        r"its management link and its address$",
    ),
    Case(
        fault="bmc-slow",
        subject=NODE,
        sentence=r"GET /redfish/v1/: no answer before the deadline; check its power, its "
        r"management link and its address$",
        settings={"deadline_s": 0.5},
    ),
    Case(fault="connection-dropped", subject=NODE, sentence=""),
    Case(
        fault="foreign-certificate",
        subject=CDU,
        sentence=r"GET /redfish/v1/: its certificate is not trusted \(.+\): only one that the "
        r"site's CA has signed for this address is;",
    ),
    Case(
        fault="tls-too-old",
        subject=NODE,
        sentence=r"GET /redfish/v1/: it speaks no TLS that is new enough \(\w+\): at least TLS "
        r"1\.2 is needed, or passwords could be read on the way; update its firmware$",
    ),
    Case(fault="session-expired", subject=NODE, sentence=""),
    Case(
        fault="busy",
        subject=NODE,
        sentence=r"GET /redfish/v1/: refused with status 503: The service is temporarily "
        r"unavailable\. Retry in 1 seconds\.",
    ),
    Case(
        fault="resource-error",
        subject=NODE,
        sentence=r"GET /redfish/v1/Systems/1/Bios: refused with status 500: The request failed due "
        r"to an internal service error\.",
    ),
    Case(
        fault="resource-error",
        subject=PDU,
        sentence=r"GET /redfish/v1/PowerEquipment/RackPDUs/1/Outlets\S*: refused with status 500",
    ),
    Case(
        fault="attribute-ignored",
        subject=NODE,
        sentence=r"/redfish/v1/Systems/1/Bios/Settings: BIOS attribute \w+: the BMC accepted the "
        r"value and did not stage it; set it in the BIOS itself, or update the firmware$",
    ),
    Case(
        fault="attribute-ignored",
        subject=CDU,
        sentence=r"supply_temperature_c is 25.0, but must be 32.0, differential_pressure_kpa is "
        r"100.0, but must be 150.0: did not take within 0.6 s; look into the device's log",
        settings={"patience_s": 0.6},
    ),
    Case(
        fault="task-endless",
        subject=NODE,
        sentence=r"task /redfish/v1/TaskService/TaskMonitors/\d+: still runs after 0.5 s; run the "
        r"same command again to go on waiting for it$",
    ),
    Case(
        fault="task-fails",
        subject=NODE,
        sentence=r"task /redfish/v1/TaskService/TaskMonitors/\d+: ended as Exception: .*the "
        r"operation failed at 80 %\.\); look into the device's log$",
    ),
    Case(
        fault="reset-ignored",
        subject=NODE,
        sentence=r"has accepted On twice and not acted within 0.6 s each: its power state is "
        r"still Off; look at the server itself, restart its controller, and run the same command "
        r"again$",
        settings={"patience_s": 0.6},
    ),
    Case(
        fault="outlet-stuck",
        subject=PDU,
        sentence=r"outlets\.1 is On, but must be Off: did not take within 0.6 s; look into "
        r"the device's log, and run the same command again$",
        settings={"patience_s": 0.6, "outlets": {1: "Off", 3: "Off"}},
    ),
)


@pytest.mark.asyncio
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fault} of {case.subject}")
async def test_a_fault_is_one_sentence_stops_nothing_else_and_is_gone_after_repair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    if case.fault == "task-endless":
        monkeypatch.setitem(tasks.finish.__kwdefaults__, "deadline_s", 0.5)
    async with rig(tmp_path, times={"slow_s": 5.0}) as lab:
        others = [one for one in (OTHER, CDU, PDU) if one != case.subject]
        async with broken(lab, case.fault, case.subject):
            neighbours = [] if case.fault == "task-endless" else others
            told, *rest = await asyncio.gather(
                apply(lab, case.subject, **case.settings), *(apply(lab, one) for one in neighbours)
            )
            assert rest == [""] * len(neighbours)
            pattern = WHO.format(case.subject) + case.sentence if case.sentence else "^$"
            assert re.search(pattern, told), told
            assert "\n" not in told
        monkeypatch.undo()
        again = {k: v for k, v in case.settings.items() if k == "outlets"}
        assert await apply(lab, case.subject, **again) == ""
        assert await drift(lab, case.subject, **again) == []


@pytest.mark.asyncio
async def test_a_lie_about_power_is_seen_when_it_is_acted_upon(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        assert await apply(lab, NODE) == ""
        async with broken(lab, "power-state-lies", NODE):
            assert await drift(lab, NODE) == ["power_state"]
            told = await apply(lab, NODE, patience_s=0.6)
            assert "its power state is still Off, but its boot progress is OSRunning" in told
            assert lab.hosts.running(NODE)
        assert await drift(lab, NODE) == []
        assert await apply(lab, NODE) == ""


@pytest.mark.asyncio
async def test_of_many_connections_each_third_is_broken_off_and_nobody_notices(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab:
        async with broken(lab, "connection-dropped", NODE):
            for state in ("On", "Off", "On"):
                assert await apply(lab, NODE, power_state=state) == ""
        assert lab.hosts.running(NODE)


@pytest.mark.asyncio
async def test_a_certificate_is_seen_however_often_a_connection_is_broken_off(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab, broken(lab, "connection-dropped", NODE):
        address = lab.url(NODE).removeprefix("https://")
        seen = [await certificate.read(NODE, address, lab.ca_file) for _ in range(3)]
    assert [one.trusted for one in seen] == [True] * 3


@pytest.mark.asyncio
async def test_a_session_that_many_requests_use_up_is_not_taken_for_a_wrong_login(
    tmp_path: Path,
) -> None:
    async with (
        rig(tmp_path) as lab,
        broken(lab, "session-expired", NODE),
        client(lab, NODE) as redfish,
    ):
        answers = await asyncio.gather(*(redfish.get("/redfish/v1/Chassis") for _ in range(12)))
    assert len(answers) == 12
