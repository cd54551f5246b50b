"""Tasks that are there before anything is begun are waited for, unless they stand still."""

from itertools import count

import pytest
from aiohttp import web

from clusterwright.access.unrest import wait_until_quiet
from clusterwright.errors import DeviceRefused
from tests.access.redfish_service import serving
from tests.access.test_access_node import Machine

TASKS = "/redfish/v1/TaskService/Tasks"
TASK = f"{TASKS}/7"
STARTED = "2026-11-28T20:00:00Z"


def at_work(machine, **told):
    """Let the BMC have a task that somebody has begun."""
    machine.service.collect(TASKS, TASK)
    machine.service.add(TASK, TaskState="Running", **told)
    return machine.service.resources[TASK]


@pytest.mark.asyncio
async def test_a_task_that_stands_still_is_given_up_and_named(certificates):
    async with serving(certificates) as service, service.client() as client:
        at_work(Machine(service, "On"), PercentComplete=40, StartTime=STARTED)
        with pytest.raises(DeviceRefused) as caught:
            await wait_until_quiet(client, deadline_s=60.0, stands_still_s=0.2)
    assert str(caught.value).endswith(
        f"task {TASK}, which was there before, is Running at 40 %, since {STARTED} by the device's "
        "own clock, and has not moved for 0.2 s: nothing else is begun beside it; look into the "
        "device's log, restart its controller if the task is dead, and run the same command again"
    )


@pytest.mark.asyncio
async def test_a_task_that_moves_is_waited_for_and_whoever_looks_on_is_told(certificates):
    said = set()
    async with serving(certificates) as service, service.client() as client:
        task = at_work(Machine(service, "On"), StartTime=STARTED)
        looks = count(1)

        async def move(_):
            said.add(str(client.waiting))
            task["PercentComplete"] = 20 * next(looks)
            task["TaskState"] = "Running" if task["PercentComplete"] < 100 else "Completed"
            return web.json_response(task)

        service.answers[f"GET {TASK}"] = move
        await wait_until_quiet(client, deadline_s=60.0, stands_still_s=0.001)
    assert next(looks) == 6
    assert any(
        one.startswith(f"task {TASK} is Running at 20 %, since {STARTED} by the device's own clock")
        and one.endswith(" at the latest")
        for one in said
    )


@pytest.mark.asyncio
async def test_a_task_that_tells_no_percentage_has_the_whole_deadline(certificates):
    async with serving(certificates) as service, service.client() as client:
        at_work(Machine(service, "On"))
        with pytest.raises(DeviceRefused, match=r"is Running, but must be ended: did not take wit"):
            await wait_until_quiet(client, deadline_s=0.5, stands_still_s=0.1)
