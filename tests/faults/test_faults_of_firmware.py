"""An update that something disturbs is named, and the next run brings it to its end."""

from functools import partial
from pathlib import Path

import pytest

from clusterwright.access import activation
from clusterwright.access.firmware import FirmwareState, apply
from clusterwright.access.redfish import client as client_module
from clusterwright.access.redfish.tasks import finish
from clusterwright.errors import DeviceError
from tests.access.facility_rig import Rig, rig
from tests.access.test_access_firmware import Images, images
from tests.faults.operator import IDLE, broken, client

BMC = "su1-n1"


async def update(lab: Rig, store: Images) -> str:
    """Apply a baseline of one BIOS; return what the operator is told."""
    desired = FirmwareState(components={"BIOS": store.component("BIOS", "1.1.0")})
    try:
        async with client(lab, BMC) as redfish:
            outcome = await apply(redfish, desired, IDLE, deadline_s=2.0)
    except DeviceError as error:
        return str(error)
    assert outcome.pending == ()
    return ""


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        pytest.param("task-fails", "ended as Exception", id="the transfer fails"),
        pytest.param("reset-ignored", "1.1.0 still waits after its activation", id="no reset"),
        pytest.param("firmware-reverts", "did not stay: 1.0.0 runs again", id="reverts"),
        pytest.param("bmc-unreachable", "cannot be reached", id="nobody answers"),
        pytest.param("foreign-certificate", "certificate is not trusted", id="a stranger"),
        pytest.param("busy", "refused with status 503", id="too busy"),
        pytest.param("task-endless", "still runs", id="a task without end"),
    ],
)
async def test_an_update_that_is_disturbed_is_named_and_mended_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, sentence: str
) -> None:
    monkeypatch.setattr(activation, "_GRACE_S", 0.3)
    monkeypatch.setattr(client_module, "finish", partial(finish, deadline_s=1.0))
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)
        async with broken(lab, fault, BMC):
            told = await update(lab, store)
        assert told.startswith(f"{BMC} (")
        assert sentence in told
        assert await update(lab, store) == ""


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", ["session-expired", "connection-dropped"])
async def test_an_update_bears_what_a_poor_controller_does(tmp_path: Path, fault: str) -> None:
    async with rig(tmp_path) as lab, images() as store:
        await lab.power_on(BMC)
        async with broken(lab, fault, BMC):
            told = await update(lab, store)
        assert told == ""
