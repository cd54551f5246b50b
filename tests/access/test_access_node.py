"""A node becomes what is declared, and nothing that jobs run on is disturbed unasked."""

import pytest
from aiohttp import web

from clusterwright.access.guard import Guard
from clusterwright.access.node import BootState, NodeState, apply, differences, read
from clusterwright.errors import DeviceRefused
from tests.access.redfish_service import refusal, serving

SYSTEM = "/redfish/v1/Systems/1"
BIOS = f"{SYSTEM}/Bios"
RESET = f"{SYSTEM}/Actions/ComputerSystem.Reset"
REGISTRY = "/redfish/v1/Registries/BiosP1"

HDD = BootState(target="Hdd", enabled="Continuous", mode="UEFI")
DESIRED = NodeState(power_state="On", boot=HDD, bios={"Smt": "Disabled", "NumaPerSocket": 4})
IDLE = Guard(in_service=False)
IN_SERVICE = Guard(in_service=True)
RESETTABLE = Guard(in_service=True, allowed=frozenset({"reset"}))


class Machine:
    """A server that takes its staged attributes when it comes up, and tells when that was."""

    def __init__(self, service, power="Off", *, obeys=True, tells=True):
        self.service, self.obeys, self.resets = service, obeys, []
        service.resources["/redfish/v1/"] |= {
            "Systems": {"@odata.id": "/redfish/v1/Systems"},
            "Registries": {"@odata.id": "/redfish/v1/Registries"},
            "Tasks": {"@odata.id": "/redfish/v1/TaskService"},
        }
        service.collect("/redfish/v1/Systems", SYSTEM)
        service.add(SYSTEM, **_system(power))
        if tells:
            self.system["LastResetTime"] = "2026-11-28T19:00:00Z"
        service.add(BIOS, **_bios({"Smt": "Enabled", "NumaPerSocket": 1, "Serial": "S1"}))
        service.add(f"{BIOS}/Settings", Attributes={})
        service.collect("/redfish/v1/Registries", REGISTRY)
        service.add(REGISTRY, Registry="BiosP1.v1_0_0", Location=[{"Uri": f"{REGISTRY}/en"}])
        service.add(f"{REGISTRY}/en", RegistryEntries={"Attributes": ENTRIES})
        service.add("/redfish/v1/TaskService", Tasks={"@odata.id": "/redfish/v1/TaskService/Tasks"})
        service.collect("/redfish/v1/TaskService/Tasks")
        service.answers[f"POST {RESET}"] = self.reset

    @property
    def system(self):
        return self.service.resources[SYSTEM]

    @property
    def attributes(self):
        return self.service.resources[BIOS]["Attributes"]

    @property
    def staged(self):
        return self.service.resources[f"{BIOS}/Settings"]["Attributes"]

    async def reset(self, request):
        kind = (await request.json())["ResetType"]
        self.resets.append(kind)
        self.system["PowerState"] = "Off" if kind in {"ForceOff", "GracefulShutdown"} else "On"
        if self.system["PowerState"] == "On":
            self.come_up()
        return web.Response(status=204)

    def come_up(self):
        self.system["PowerState"] = "On"
        if "LastResetTime" in self.system:
            self.system["LastResetTime"] = f"2026-11-28T20:00:{len(self.resets):02}Z"
        if self.obeys:
            self.attributes.update(self.staged)
            self.staged.clear()


ENTRIES = [
    {
        "AttributeName": "Smt",
        "Type": "Enumeration",
        "Value": [{"ValueName": "Enabled"}, {"ValueName": "Disabled"}],
    },
    {"AttributeName": "NumaPerSocket", "Type": "Integer", "LowerBound": 1, "UpperBound": 8},
    {"AttributeName": "Serial", "Type": "String", "ReadOnly": True},
]


def _system(power):
    kinds = ["On", "ForceOff", "GracefulShutdown", "GracefulRestart", "ForceRestart"]
    return {
        "PowerState": power,
        "Boot": {
            "BootSourceOverrideTarget": "None",
            "BootSourceOverrideEnabled": "Disabled",
            "BootSourceOverrideMode": "UEFI",
            "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Hdd"],
        },
        "Bios": {"@odata.id": BIOS},
        "Actions": {
            "#ComputerSystem.Reset": {"target": RESET, "ResetType@Redfish.AllowableValues": kinds}
        },
    }


def _bios(attributes):
    return {
        "Attributes": attributes,
        "AttributeRegistry": "BiosP1.v1_0_0",
        "@Redfish.Settings": {"SettingsObject": {"@odata.id": f"{BIOS}/Settings"}},
    }


@pytest.mark.asyncio
async def test_what_is_read_is_what_is_asked_for(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service)
        machine.staged["Smt"] = "Disabled"
        state = await read(client, DESIRED)
        everything = await read(client)
    assert state == NodeState(
        power_state="Off",
        boot=BootState(target="None", enabled="Disabled", mode="UEFI"),
        bios={"Smt": "Enabled", "NumaPerSocket": 1},
        staged={"Smt": "Disabled"},
    )
    assert everything.bios == {"Smt": "Enabled", "NumaPerSocket": 1, "Serial": "S1"}


@pytest.mark.asyncio
async def test_a_node_that_is_off_is_staged_and_booted_though_it_is_in_service(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service)
        outcome = await apply(client, DESIRED, IN_SERVICE)
    assert (outcome.pending, differences(DESIRED, outcome.state)) == ((), ())
    assert machine.resets == ["On"]
    assert service.sent(f"PATCH {BIOS}/Settings") == [
        {"Attributes": {"Smt": "Disabled", "NumaPerSocket": 4}}
    ]


@pytest.mark.asyncio
async def test_applying_again_writes_nothing(certificates):
    async with serving(certificates) as service, service.client() as client:
        Machine(service)
        await apply(client, DESIRED, IDLE)
        service.asked.clear()
        await apply(client, DESIRED, IDLE)
    assert [asked for asked in service.asked[:-1] if not asked.startswith("GET")] == []


@pytest.mark.asyncio
@pytest.mark.parametrize("guard", [IDLE, RESETTABLE], ids=["not in service", "reset allowed"])
async def test_a_running_node_is_reset_for_its_bios_where_that_is_permitted(certificates, guard):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On")
        outcome = await apply(client, DESIRED, guard)
    assert (outcome.pending, machine.resets) == ((), ["GracefulRestart"])
    assert outcome.state.bios == DESIRED.bios


@pytest.mark.asyncio
async def test_a_node_in_service_keeps_running_with_its_bios_staged_once(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On")
        first = await apply(client, DESIRED, IN_SERVICE)
        second = await apply(client, DESIRED, IN_SERVICE)
    assert machine.resets == []
    assert machine.staged == DESIRED.bios
    assert len(service.sent(f"PATCH {BIOS}/Settings")) == 1
    assert first == second
    assert [(d.path, d.expected, d.actual, d.pending) for d in first.pending] == [
        ("bios.Smt", "Disabled", "Enabled", True),
        ("bios.NumaPerSocket", "4", "1", True),
    ]
    assert first.state.boot == HDD


@pytest.mark.asyncio
async def test_a_wrong_value_that_waits_for_the_next_reset_is_taken_back(certificates):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service)
        await apply(client, DESIRED, IDLE)
        machine.staged["Smt"] = "Enabled"
        await apply(client, DESIRED, IN_SERVICE)
    assert machine.staged["Smt"] == "Disabled"


@pytest.mark.asyncio
async def test_a_node_is_switched_off_only_where_that_is_permitted(certificates):
    desired = NodeState(power_state="Off", boot=HDD, bios={})
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On")
        held = await apply(client, desired, RESETTABLE)
        assert machine.resets == []
        done = await apply(client, desired, IDLE)
    assert [(d.path, d.actual, d.pending) for d in held.pending] == [("power_state", "On", True)]
    assert (done.pending, machine.resets) == ((), ["GracefulShutdown"])


@pytest.mark.asyncio
async def test_a_job_that_already_runs_is_waited_for_instead_of_started_again(certificates):
    task = "/redfish/v1/TaskService/Tasks/7"
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On")
        machine.staged.update(DESIRED.bios)
        machine.system["Boot"].update(
            BootSourceOverrideTarget="Hdd", BootSourceOverrideEnabled="Continuous"
        )
        service.collect("/redfish/v1/TaskService/Tasks", task)
        looks = []

        async def look(_):
            looks.append(1)
            if len(looks) == 2:
                machine.come_up()
            state = "Running" if len(looks) < 3 else "Completed"
            return web.json_response({"@odata.id": task, "TaskState": state})

        service.answers[f"GET {task}"] = look
        outcome = await apply(client, DESIRED, IDLE)
    assert (outcome.pending, machine.resets) == ((), [])
    assert outcome.state.bios == DESIRED.bios


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "change",
    [{"PowerState": "PoweringOn"}, {"BootProgress": {"LastState": "MemoryInitializationStarted"}}],
)
async def test_a_self_test_is_waited_for(certificates, change):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On")
        before = dict(machine.system)
        machine.system.update(change)
        looks = []

        async def look(_):
            looks.append(1)
            if len(looks) == 4:
                machine.system.update({**before, "BootProgress": {"LastState": "OSRunning"}})
            assert machine.resets == [] or len(looks) >= 4
            return web.json_response(machine.system)

        service.answers[f"GET {SYSTEM}"] = look
        await apply(client, DESIRED, IDLE)
    assert machine.resets == ["GracefulRestart"]


@pytest.mark.asyncio
async def test_a_system_that_ignores_a_gentle_restart_is_restarted(certificates, monkeypatch):
    monkeypatch.setattr("clusterwright.access.power_change.GRACE_S", 0.1)
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On")

        async def deaf(request):
            kind = (await request.json())["ResetType"]
            machine.resets.append(kind)
            if kind == "ForceRestart":
                machine.come_up()
            return web.Response(status=204)

        service.answers[f"POST {RESET}"] = deaf
        await apply(client, DESIRED, RESETTABLE)
    assert machine.resets == ["GracefulRestart", "ForceRestart"]


@pytest.mark.asyncio
async def test_the_attribute_that_did_not_take_is_named(certificates, monkeypatch):
    monkeypatch.setattr("clusterwright.access.power_change.GRACE_S", 0.1)
    async with serving(certificates) as service, service.client() as client:
        Machine(service, "On", obeys=False)
        with pytest.raises(DeviceRefused) as caught:
            await apply(client, DESIRED, IDLE, deadline_s=0.5)
    assert str(caught.value) == (
        f"{service.address}: bios.Smt is Enabled, but must be Disabled, bios.NumaPerSocket is 1, "
        "but must be 4: did not take within 0.5 s; look into the device's log, and run the same "
        "command again"
    )


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("bios", "sentence"),
    [
        pytest.param({"Smtt": "On"}, "Smtt: the BIOS has no such attribute", id="unknown"),
        pytest.param({"Serial": "S2"}, r"Serial: S2: the BIOS allows no change", id="read-only"),
        pytest.param({"Smt": "Auto"}, "Smt: Auto: must be one of Enabled, Disabled", id="value"),
        pytest.param({"Smt": True}, "Smt: true: must be of type Enumeration", id="type"),
        pytest.param({"NumaPerSocket": 9}, "NumaPerSocket: 9: must be from 1 to 8", id="range"),
    ],
)
async def test_an_attribute_that_the_bios_cannot_take_is_refused(certificates, bios, sentence):
    async with serving(certificates) as service, service.client() as client:
        machine = Machine(service, "On")
        with pytest.raises(DeviceRefused, match=sentence):
            await apply(client, NodeState(power_state="On", boot=HDD, bios=bios), IDLE)
    assert (machine.staged, machine.resets) == ({}, [])


@pytest.mark.asyncio
async def test_without_a_registry_the_bmc_itself_refuses(certificates):
    async def no(_):
        return refusal(400, "PropertyValueNotInList", "The value 'Auto' is not in the list.")

    async with serving(certificates) as service, service.client() as client:
        Machine(service, "On")
        del service.resources["/redfish/v1/"]["Registries"]
        service.answers[f"PATCH {BIOS}/Settings"] = no
        desired = NodeState(power_state="On", boot=HDD, bios={"Smt": "Auto"})
        with pytest.raises(DeviceRefused, match="'Auto' is not in the list"):
            await apply(client, desired, IDLE)


@pytest.mark.asyncio
async def test_a_boot_target_that_the_bmc_does_not_have_is_refused(certificates):
    boot = BootState(target="UefiHttp", enabled="Once", mode="UEFI")
    async with serving(certificates) as service, service.client() as client:
        Machine(service, "On")
        with pytest.raises(DeviceRefused, match="boot target UefiHttp: the BMC has only None, Pxe"):
            await apply(client, NodeState(power_state="On", boot=boot, bios={}), IDLE)


@pytest.mark.asyncio
async def test_an_attribute_of_the_wrong_kind_is_named_with_its_resource(certificates):
    async with serving(certificates) as service, service.client() as client:
        Machine(service).system["PowerState"] = 1
        with pytest.raises(DeviceRefused) as caught:
            await read(client)
    assert f"{SYSTEM}: attribute PowerState is 1, but must be a text" in str(caught.value)


@pytest.mark.asyncio
async def test_the_server_is_found_beside_its_gpu_baseboard(certificates):
    async with serving(certificates) as service, service.client() as client:
        Machine(service, "On")
        service.add("/redfish/v1/Systems/HGX", PowerState="Off")
        service.collect("/redfish/v1/Systems", "/redfish/v1/Systems/HGX", SYSTEM)
        assert (await read(client)).power_state == "On"


@pytest.mark.asyncio
async def test_a_device_without_systems_is_no_bmc(certificates):
    async with serving(certificates) as service, service.client() as client:
        with pytest.raises(DeviceRefused, match="it has no Systems"):
            await read(client)


def test_what_is_staged_already_is_pending():
    actual = NodeState(
        power_state="On",
        boot=HDD,
        bios={"Smt": "Enabled", "NumaPerSocket": 4},
        staged={"Smt": "Disabled"},
    )
    (difference,) = differences(DESIRED, actual)
    assert (difference.path, difference.pending) == ("bios.Smt", True)


def test_a_disabled_override_has_no_target():
    desired = NodeState(
        power_state="On", boot=BootState(target="None", enabled="Disabled", mode="UEFI"), bios={}
    )
    actual = NodeState(
        power_state="On", boot=BootState(target="Pxe", enabled="Disabled", mode=""), bios={}
    )
    assert differences(desired, actual) == ()


def test_one_is_not_true():
    desired = NodeState(power_state="On", boot=HDD, bios={"Flag": True})
    actual = NodeState(power_state="On", boot=HDD, bios={"Flag": 1})
    assert [d.expected for d in differences(desired, actual)] == ["true"]


def test_a_serial_number_that_nobody_knows_is_not_compared():
    there = NodeState(power_state="On", boot=HDD, bios={}, serial="S2")
    assert differences(NodeState(power_state="On", boot=HDD, bios={}), there) == ()
    (found,) = differences(NodeState(power_state="On", boot=HDD, bios={}, serial="S1"), there)
    assert (found.path, found.expected, found.actual, found.pending) == (
        "serial",
        "S1",
        "S2",
        False,
    )
