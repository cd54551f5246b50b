"""A reset that is accepted and not acted upon is noticed early, and asked for at most once more."""

from itertools import count

import pytest
from aiohttp import web

from clusterwright.access import power_change
from clusterwright.access.guard import Guard
from clusterwright.access.node import BootState, NodeState, apply
from clusterwright.errors import DeviceRefused
from tests.access.redfish_service import serving
from tests.access.test_access_node import RESET, SYSTEM, Machine

IDLE = Guard(in_service=False)
NO_BOOT = BootState(target="None", enabled="Disabled", mode="UEFI")
ON = NodeState(power_state="On", boot=NO_BOOT, bios={})
OFF = NodeState(power_state="Off", boot=NO_BOOT, bios={})
SMT = NodeState(power_state="On", boot=NO_BOOT, bios={"Smt": "Disabled"})
TASK = "/redfish/v1/TaskService/Tasks/1"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(power_change, "GRACE_S", 0.1)


def deaf(machine, *, times=99, **answer):
    """Let the BMC accept so many resets and do nothing."""
    number = count(1)

    async def accept(request):
        if next(number) > times:
            return await machine.reset(request)
        machine.resets.append((await request.json())["ResetType"])
        return web.json_response(answer, status=202 if answer else 200, headers={"Location": TASK})

    machine.service.answers[f"POST {RESET}"] = accept


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("power", "desired", "shown", "resets", "sentence"),
    [
        pytest.param(
            "Off",
            ON,
            {},
            ["On", "On"],
            "has accepted On twice and not acted within 0.3 s each: its power state is still Off; "
            "look at the server itself, restart its controller, and run the same command again",
            id="on",
        ),
        pytest.param(
            "Off",
            ON,
            {"BootProgress": {"LastState": "OSRunning"}},
            ["On", "On"],
            "its power state is still Off, but its boot progress is OSRunning, so one of the two "
            "is not true; look at the server itself",
            id="a lie",
        ),
        pytest.param(
            "On",
            OFF,
            {},
            ["GracefulShutdown", "ForceOff", "ForceOff"],
            "has accepted ForceOff twice and not acted within 0.3 s each: its power state is still "
            "On; look",
            id="off",
        ),
        pytest.param(
            "On",
            SMT,
            {"LastResetTime": "2026-11-28T20:00:00Z"},
            ["GracefulRestart", "ForceRestart", "ForceRestart"],
            "has accepted ForceRestart twice",
            id="restart",
        ),
        pytest.param(
            "On",
            SMT,
            {},
            ["GracefulRestart", "ForceRestart"],
            "bios.Smt is Enabled, but must be Disabled: did not take within 0.3 s",
            id="a restart that cannot be seen",
        ),
    ],
)
async def test_a_deaf_bmc_is_asked_once_more_and_named(  # noqa: PLR0917 - one case each
    certificates, power, desired, shown, resets, sentence
):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, power)
        machine.system.update(shown)
        deaf(machine)
        with pytest.raises(DeviceRefused) as caught:
            await apply(client, desired, IDLE, deadline_s=0.3)
    assert sentence in str(caught.value)
    assert machine.resets == resets


@pytest.mark.asyncio
async def test_what_a_bmc_has_only_missed_is_done_the_second_time(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "Off")
        deaf(machine, times=1)
        outcome = await apply(client, ON, IDLE, deadline_s=0.3)
    assert (outcome.state.power_state, machine.resets) == ("On", ["On", "On"])


@pytest.mark.asyncio
async def test_a_task_that_nothing_comes_of_is_never_asked_for_again(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "Off")
        task = {"@odata.type": "#Task.v1_7_4.Task", "TaskState": "Running", "PercentComplete": 40}
        service.add(TASK, **task)
        deaf(machine, **task)
        with pytest.raises(DeviceRefused) as caught:
            await apply(client, ON, IDLE, deadline_s=0.2)
    assert f"not acted: task {TASK} is Running at 40 %, and its power state is still Off" in str(
        caught.value
    )
    assert machine.resets == ["On"]


@pytest.mark.asyncio
async def test_a_server_that_shall_come_on_late_gets_its_time(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "Off")
        machine.system["PowerOnDelaySeconds"] = 0.5
        looks = count(1)

        async def late(_):
            if machine.resets and next(looks) == 3:
                machine.come_up()
            return web.json_response(machine.system)

        deaf(machine)
        service.answers[f"GET {SYSTEM}"] = late
        await apply(client, ON, IDLE, deadline_s=0.1)
    assert machine.resets == ["On"]


@pytest.mark.asyncio
async def test_whoever_looks_on_is_told_what_is_awaited_since_when_and_until_when(certificates):
    said = set()
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "Off")
        deaf(machine)
        look = machine.system

        async def overheard(_):
            said.add(str(client.waiting))
            return web.json_response(look)

        service.answers[f"GET {SYSTEM}"] = overheard
        with pytest.raises(DeviceRefused):
            await apply(client, ON, IDLE, deadline_s=0.5)
        assert not str(client.waiting)
    told = [one for one in said if one.startswith("On is accepted and not acted upon: power_state")]
    assert told
    assert all(" is Off; waits since " in one and one.endswith(" at the latest") for one in told)
