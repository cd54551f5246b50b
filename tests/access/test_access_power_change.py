"""A reset that is accepted and not acted upon is noticed early, and asked for at most once more."""

from itertools import count

import pytest
from aiohttp import web

from clusterwright.access import power_change
from clusterwright.access.guard import Guard
from clusterwright.access.interlock import CoolantSource
from clusterwright.access.node import BootState, NodeState, apply
from clusterwright.errors import DeviceRefused
from tests.access.redfish_service import serving
from tests.access.test_access_node import RESET, SYSTEM, Machine

IDLE = Guard(in_service=False)
RESET_ALONE = Guard(in_service=True, allowed=frozenset({"reset"}))
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
            {"BootProgress": {"LastState": "OSRunning", "LastStateTime": "2026-11-28T20:00:00Z"}},
            ["GracefulRestart", "ForceRestart", "ForceRestart"],
            "has accepted ForceRestart twice",
            id="restart, by the time of its boot progress",
        ),
        pytest.param(
            "On",
            SMT,
            {"Oem": {"Hpe": {"PostState": "FinishedPost"}}},
            ["GracefulRestart", "ForceRestart", "ForceRestart"],
            "has accepted ForceRestart twice",
            id="restart, by an attribute of the vendor",
        ),
        pytest.param(
            "On",
            SMT,
            {},
            ["GracefulShutdown", "ForceOff", "ForceOff"],
            "has accepted ForceOff twice and not acted within 0.3 s each: its power state is still "
            "On; look",
            id="a restart that cannot be seen is an off and an on",
        ),
        pytest.param(
            "On",
            SMT,
            {"BootProgress": {"LastState": "OSRunning"}},
            ["GracefulShutdown", "ForceOff", "ForceOff"],
            "has accepted ForceOff twice",
            id="a stage without a time does not say no",
        ),
        pytest.param(
            "On",
            SMT,
            {"LastResetTime": "2026-11-28T20:00:00Z", "BootProgress": {"LastState": "None"}},
            ["GracefulShutdown", "ForceOff", "ForceOff"],
            "has accepted ForceOff twice",
            id="what may be the last change of power does not say no",
        ),
    ],
)
async def test_a_deaf_bmc_is_asked_once_more_and_named(  # noqa: PLR0917 - one case each
    certificates, power, desired, shown, resets, sentence
):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, power, tells=False)
        machine.system.update(shown)
        deaf(machine)
        with pytest.raises(DeviceRefused) as caught:
            await apply(client, desired, IDLE, deadline_s=0.3)
    assert sentence in str(caught.value)
    assert machine.resets == resets


@pytest.mark.asyncio
async def test_power_that_may_not_be_cut_is_not_and_the_reader_is_told_what_is_not_known(
    certificates,
):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On", tells=False)
        deaf(machine)
        with pytest.raises(DeviceRefused) as caught:
            await apply(client, SMT, RESET_ALONE, deadline_s=0.3)
    assert str(caught.value).endswith(
        "bios.Smt is Enabled, but must be Disabled: did not take within 0.3 s (its BMC does not "
        "tell whether a restart has happened); look into the device's log, and run the same "
        "command again"
    )
    assert machine.resets == ["GracefulRestart", "ForceRestart"]


@pytest.mark.asyncio
async def test_an_off_and_an_on_do_what_a_restart_should_have(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On", tells=False)
        deaf(machine, times=1)
        outcome = await apply(client, SMT, IDLE, deadline_s=5.0)
    assert (outcome.state.bios, machine.resets) == (
        {"Smt": "Disabled"},
        ["GracefulShutdown", "ForceOff", "On"],
    )


@pytest.mark.asyncio
async def test_a_node_is_not_switched_off_where_it_could_not_be_switched_on_again(certificates):
    async def dry():
        return (CoolantSource(loop="tcs1", cdu="cdu1", unit="Disabled"),)

    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On", tells=False)
        deaf(machine)
        with pytest.raises(DeviceRefused, match="the CDU is Disabled"):
            await apply(client, SMT, IDLE, coolant=dry, deadline_s=0.3)
    assert machine.resets == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"LastResetTime": "1"}, {"LastResetTime": "2"}, id="last reset"),
        pytest.param(
            {"BootProgress": {"LastState": "OSRunning", "LastStateTime": "1"}},
            {"BootProgress": {"LastState": "OSBootStarted", "LastStateTime": "2"}},
            id="boot progress",
        ),
    ],
)
async def test_a_restart_that_has_begun_is_not_forced_out_of_its_self_test(
    certificates, before, after
):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On", tells=False)
        machine.system.update(before)
        looks = count(1)

        async def begin(request):
            machine.resets.append((await request.json())["ResetType"])
            machine.system.update(after)
            return web.Response(status=204)

        async def slowly(_):
            if machine.resets and next(looks) == 6:
                machine.come_up()
            return web.json_response(machine.system)

        service.answers[f"POST {RESET}"] = begin
        service.answers[f"GET {SYSTEM}"] = slowly
        await apply(client, SMT, IDLE, deadline_s=30.0)
    assert machine.resets == ["GracefulRestart"]


@pytest.mark.asyncio
async def test_what_a_bmc_has_only_missed_is_done_the_second_time(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "Off", tells=False)
        deaf(machine, times=1)
        outcome = await apply(client, ON, IDLE, deadline_s=0.3)
    assert (outcome.state.power_state, machine.resets) == ("On", ["On", "On"])


@pytest.mark.asyncio
async def test_a_task_that_nothing_comes_of_is_never_asked_for_again(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "Off", tells=False)
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
        machine = Machine(service, "Off", tells=False)
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
        machine = Machine(service, "Off", tells=False)
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
