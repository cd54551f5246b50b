"""Secure Boot, boot order, power policy and limit, time servers: as declared, or as they are."""

from pathlib import Path
from typing import Any

import pytest

from clusterwright.access.guard import Guard
from clusterwright.access.platform import PlatformState, apply, differences, read
from clusterwright.errors import DeviceRefused
from tests.access.facility_rig import SYSTEM, Rig, rig
from tests.access.redfish_service import serving
from tests.faults.operator import client

BMC = "su1-n1"
IDLE, IN_SERVICE = Guard(in_service=False), Guard(in_service=True)
RESETTABLE = Guard(in_service=True, allowed=frozenset({"reset"}))


async def brought(lab: Rig, guard: Guard = IDLE, **desired: Any) -> Any:
    async with client(lab, BMC) as redfish:
        return await apply(redfish, PlatformState(**desired), guard, deadline_s=60.0)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "desired",
    [
        pytest.param({"restore_policy": "AlwaysOff"}, id="restore policy"),
        pytest.param({"power_limit_watts": 4000}, id="power limit"),
        pytest.param({"ntp_servers": ("10.0.0.1", "10.0.0.2")}, id="time"),
        pytest.param({"restore_policy": "AlwaysOn", "power_limit_watts": 5000}, id="both"),
    ],
)
async def test_what_disturbs_nobody_is_written_under_jobs_and_can_be_taken_back(
    tmp_path: Path, desired: dict[str, Any]
) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(BMC)
        wanted = PlatformState(**desired)
        async with client(lab, BMC) as redfish:
            before = await read(redfish, wanted)
            assert {d.path for d in differences(wanted, before)} == desired.keys()
            outcome = await apply(redfish, wanted, IN_SERVICE, deadline_s=60.0)
            assert (outcome.state, outcome.pending) == (wanted, ())
            assert (await apply(redfish, before, IN_SERVICE, deadline_s=60.0)).state == before
        assert lab.hosts.stops == []


@pytest.mark.asyncio
async def test_a_boot_order_is_written_whole(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        order = tuple((await lab.get(BMC, SYSTEM))["Boot"]["BootOrder"])
        assert (await brought(lab, boot_order=order[::-1])).state.boot_order == order[::-1]
        with pytest.raises(DeviceRefused, match="BootOrder"):
            await brought(lab, boot_order=order[:1])


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("guard", "resets"),
    [
        pytest.param(IN_SERVICE, 0, id="in service"),
        pytest.param(RESETTABLE, 1, id="reset allowed"),
        pytest.param(IDLE, 1, id="not in service"),
    ],
)
async def test_secure_boot_needs_a_reset_that_maintenance_permits(
    tmp_path: Path, guard: Guard, resets: int
) -> None:
    async with rig(tmp_path) as lab:
        await lab.power_on(BMC)
        for _ in range(2):
            outcome = await brought(lab, guard, secure_boot=True)
            assert len(lab.hosts.stops) == resets
            assert [(d.path, d.pending) for d in outcome.pending] == (
                [] if resets else [("secure_boot", True)]
            )


@pytest.mark.asyncio
async def test_secure_boot_of_a_server_that_is_off_waits_for_its_boot(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab:
        outcome = await brought(lab, secure_boot=True)
        assert (outcome.state.staged, len(outcome.pending)) == (True, 1)
        await lab.power_on(BMC)
        assert (await brought(lab, secure_boot=True)).pending == ()
        # What waits behind our back is taken back before it takes effect.
        await lab.patch(BMC, f"{SYSTEM}/SecureBoot", {"SecureBootEnable": False})
        assert (await brought(lab, IN_SERVICE, secure_boot=True)).state.staged is None


@pytest.mark.asyncio
async def test_everything_is_read_where_nothing_is_declared(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, client(lab, BMC) as redfish:
        state = await read(redfish)
    assert (
        state.secure_boot,
        state.restore_policy,
        state.power_limit_watts,
        state.ntp_servers,
    ) == (
        False,
        "LastState",
        0,
        (),
    )
    assert state.boot_order


@pytest.mark.asyncio
async def test_a_stranger_keeps_what_it_holds(tmp_path: Path) -> None:
    async with rig(tmp_path) as lab, client(lab, BMC) as redfish:
        desired = PlatformState(restore_policy="AlwaysOff")
        with pytest.raises(DeviceRefused, match="is EMU-SU1-N1, but S1 is expected: nothing is"):
            await apply(redfish, desired, IDLE, serial="S1", deadline_s=60.0)
        assert differences(desired, await read(redfish, desired))
        await apply(redfish, desired, IDLE, serial="EMU-SU1-N1", deadline_s=60.0)
        assert differences(desired, await read(redfish, desired)) == ()


@pytest.mark.asyncio
async def test_what_a_server_does_not_have_is_named(certificates: Path) -> None:
    async with serving(certificates) as service, service.client() as redfish:
        systems = "/redfish/v1/Systems"
        service.resources["/redfish/v1/"]["Systems"] = {"@odata.id": systems}
        service.collect(systems, SYSTEM).add(SYSTEM, PowerState="Off", Actions={})
        with pytest.raises(
            DeviceRefused, match="power_limit_watts, secure_boot: the server has no"
        ):
            await apply(redfish, PlatformState(secure_boot=True, power_limit_watts=1), IDLE)
