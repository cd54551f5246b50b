"""What every emulated controller answers, whatever it controls."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from clusterwright.errors import OperationError, UsageError
from clusterwright.lab.facility import FAULTS
from tests.access.facility_rig import PASSWORD, RESET, ROOT, SYSTEM, USERNAME, basic, rig

SESSIONS = f"{ROOT}/SessionService/Sessions"
SUBJECTS = ("su1-n1", "cdu1", "r1-pdu-a")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("", id="none"),
        pytest.param(basic(USERNAME, "wrong"), id="wrong password"),
        pytest.param(basic("wrong", PASSWORD), id="wrong user name"),
        pytest.param("Basic !", id="not base64"),
        pytest.param("Bearer x", id="another kind"),
    ],
)
async def test_nobody_reads_without_a_login(tmp_path: Path, authorization: str) -> None:
    async with rig(tmp_path) as lab:
        for subject in SUBJECTS:
            path = f"{ROOT}/Chassis"
            answer = await lab.ask(subject, "GET", path, Authorization=authorization)
            assert (answer.status, answer.message_ids) == (401, ["NoValidSession"])
            assert answer.headers["WWW-Authenticate"] == 'Basic realm="Redfish"'


@pytest.mark.asyncio
async def test_everybody_reads_the_service_root(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        for path in ("/redfish", ROOT, f"{ROOT}/", f"{ROOT}/odata"):
            assert (await lab.ask("cdu1", "GET", path, Authorization="")).status == 200


@pytest.mark.asyncio
async def test_a_session_opens_with_a_password_and_ends_when_deleted(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        login = {"UserName": USERNAME, "Password": PASSWORD}
        session = await lab.ask("cdu1", "POST", SESSIONS, login, Authorization="")
        token = {"Authorization": "", "X-Auth-Token": session.headers["X-Auth-Token"]}
        path = session.headers["Location"]
        assert (await lab.ask("cdu1", "GET", path, **token)).body["UserName"] == USERNAME
        assert (await lab.ask("cdu1", "DELETE", path, **token)).status == 204
        assert (await lab.ask("cdu1", "GET", path, **token)).status == 401
        assert (await lab.get("cdu1", SESSIONS))["Members"] == []


@pytest.mark.asyncio
async def test_a_session_does_not_open_with_a_wrong_password(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        login = {"UserName": USERNAME, "Password": "wrong"}
        answer = await lab.ask("cdu1", "POST", SESSIONS, login, Authorization="")
        assert (answer.status, answer.message_ids) == (401, ["ResourceAtUriUnauthorized"])


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("request_", "answer_"),
    [
        pytest.param(("GET", f"{ROOT}/No"), (404, "ResourceMissingAtURI"), id="missing"),
        pytest.param(("GET", f"{SYSTEM}?$select=Id"), (501, "QueryNotSupported"), id="query"),
        pytest.param(("DELETE", SYSTEM), (405, "OperationNotAllowed"), id="method"),
        pytest.param(("PATCH", SYSTEM, {}), (400, "EmptyJSON"), id="empty"),
        pytest.param(("PATCH", SYSTEM, []), (400, "UnrecognizedRequestBody"), id="list"),
        pytest.param(
            ("PATCH", SYSTEM, {"Model": "x"}), (400, "PropertyNotWritable"), id="read-only"
        ),
        pytest.param(("PATCH", SYSTEM, {"Modle": "x"}), (400, "PropertyUnknown"), id="misspelt"),
        pytest.param(("POST", RESET, {}), (400, "ActionParameterMissing"), id="no parameter"),
        pytest.param(
            ("POST", RESET, {"ResetType": "On", "Why": "x"}),
            (400, "ActionParameterNotSupported"),
            id="unknown parameter",
        ),
        pytest.param(
            ("POST", RESET, {"ResetType": "Nmi"}),
            (400, "PropertyValueNotInList"),
            id="value of a parameter",
        ),
    ],
)
async def test_a_wrong_request_is_refused_with_a_message_of_the_base_registry(
    tmp_path: Path, request_: tuple[Any, ...], answer_: tuple[int, str]
) -> None:
    async with rig(tmp_path) as lab:
        answer = await lab.ask("su1-n1", *request_)
        assert (answer.status, *answer.message_ids) == answer_
        assert answer.body["error"]["code"].startswith("Base.")


@pytest.mark.asyncio
async def test_what_can_be_written_is_written_and_the_rest_is_told(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        body = {"PowerRestorePolicy": "AlwaysOn", "Model": "x"}
        answer = await lab.patch("su1-n1", SYSTEM, body)
        assert (answer.status, answer.message_ids) == (200, ["PropertyNotWritable"])
        assert answer.body["PowerRestorePolicy"] == "AlwaysOn"


@pytest.mark.asyncio
async def test_one_wrong_value_writes_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        boot = {"BootSourceOverrideTarget": "Nowhere", "BootSourceOverrideEnabled": "Once"}
        assert (await lab.patch("su1-n1", SYSTEM, {"Boot": boot})).status == 400
        assert (await lab.get("su1-n1", SYSTEM))["Boot"]["BootSourceOverrideEnabled"] == "Disabled"


@pytest.mark.asyncio
async def test_a_change_by_somebody_else_is_noticed_by_its_etag(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        etag = (await lab.ask("su1-n1", "GET", SYSTEM)).headers["ETag"]
        await lab.patch("su1-n1", SYSTEM, {"PowerRestorePolicy": "AlwaysOn"})
        change = {"PowerRestorePolicy": "AlwaysOff"}
        answer = await lab.ask("su1-n1", "PATCH", SYSTEM, change, **{"If-Match": etag})
        assert (answer.status, answer.message_ids) == (412, ["PreconditionFailed"])


@pytest.mark.asyncio
async def test_what_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        etag = (await lab.ask("su1-n1", "GET", SYSTEM)).headers["ETag"]
        again = await lab.ask("su1-n1", "GET", SYSTEM, **{"If-None-Match": etag})
        assert (again.status, again.body) == (304, {})


@pytest.mark.asyncio
async def test_an_unreachable_controller_comes_back_when_the_fault_is_cleared(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab:
        await lab.running.set_fault("bmc-unreachable", "su1-n1", active=True)
        assert lab.running.faults == {("bmc-unreachable", "su1-n1")}
        with pytest.raises(aiohttp.ClientConnectorError):
            await lab.get("su1-n1", ROOT)
        assert (await lab.get("su1-n2", ROOT))["Id"] == "RootService"
        await lab.running.set_fault("bmc-unreachable", "su1-n1", active=False)
        assert (await lab.get("su1-n1", ROOT))["Id"] == "RootService"


@pytest.mark.asyncio
async def test_a_foreign_certificate_is_not_trusted_until_the_fault_is_cleared(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path) as lab:
        await lab.running.set_fault("foreign-certificate", "cdu1", active=True)
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await lab.get("cdu1", ROOT)
        await lab.running.set_fault("foreign-certificate", "cdu1", active=False)
        assert (await lab.get("cdu1", ROOT))["Id"] == "RootService"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "subject", "sentence"),
    [
        pytest.param(
            "pump-stolen",
            "cdu1",
            f"fault pump-stolen: unknown; choose one of {', '.join(FAULTS)}",
            id="fault",
        ),
        pytest.param(
            "bmc-unreachable",
            "su9-n1",
            "fault bmc-unreachable: it cannot happen to su9-n1; there is cdu1, r1-pdu-a, "
            "r1-pdu-b, r1-pdu-c, r2-pdu-a, r2-pdu-b, r2-pdu-c, su1-n1, su1-n2, su1-n3, "
            "su1-n3-dpu1-bmc, su1-n3-hgx, su1-n4, su1-n4-dpu1-bmc, su1-n4-hgx",
            id="subject",
        ),
    ],
)
async def test_a_fault_that_cannot_be_is_refused(
    tmp_path: Path, name: str, subject: str, sentence: str
) -> None:
    async with rig(tmp_path) as lab:
        with pytest.raises(UsageError) as refusal:
            await lab.running.set_fault(name, subject, active=True)
        assert str(refusal.value) == sentence


@pytest.mark.asyncio
async def test_an_address_in_use_is_named_and_nothing_is_left_listening(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        await lab.running.close()
        with socket.create_server((str(lab.plan.nodes[0].controller.address), 0)) as somebody:
            other = replace(lab, port=somebody.getsockname()[1])
            with pytest.raises(OperationError) as refusal:
                await other.start()
            assert str(refusal.value).startswith(
                f"address {lab.plan.nodes[0].controller.address}: port {other.port} cannot be "
                "listened on ("
            )
        with pytest.raises(aiohttp.ClientConnectorError):
            await replace(lab, port=other.port).get("cdu1", ROOT)
