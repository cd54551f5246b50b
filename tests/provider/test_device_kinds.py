"""Coolant loops and rack power: declared, read back, imported."""

import asyncio
from dataclasses import fields, replace

import pytest

from clusterwright.access import (
    ac_cycle,
    cooling_loop,
    firmware,
    leak_policy,
    platform,
    power_shelf,
    rack_power,
)
from clusterwright.access.cooling_loop import LoopState
from clusterwright.access.firmware import Component, FirmwareState
from clusterwright.access.guard import Outcome
from clusterwright.access.leak_policy import LeakState
from clusterwright.access.node import NodeState
from clusterwright.access.platform import PlatformState
from clusterwright.access.power_shelf import ShelfState
from clusterwright.access.rack_power import OutletsState
from clusterwright.provider.cooling_loop import COOLING_LOOP
from clusterwright.provider.firmware import FIRMWARE
from clusterwright.provider.leak_policy import LEAK_POLICY
from clusterwright.provider.node import NODE
from clusterwright.provider.platform import PLATFORM
from clusterwright.provider.power_shelf import POWER_SHELF
from clusterwright.provider.progress import Progress
from clusterwright.provider.rack_power import RACK_POWER
from tests.provider.live import Devices, FakeSite, Lines
from tests.provider.test_check import (
    FIRMWARE_INPUTS,
    LEAK_INPUTS,
    LOOP_INPUTS,
    PLATFORM_INPUTS,
    POWER_INPUTS,
    SHELF_INPUTS,
)

LOOP = LoopState(
    supply_temperature_c=32.0,
    differential_pressure_kpa=150.0,
    flow_lpm=None,
    control_mode="Automatic",
)
OUTLETS = OutletsState(outlets={1: "On", 2: "On", 3: "Off"})
VERSIONS = FirmwareState(
    components={"BIOS": Component(version="1.1.0"), "BMC": Component(version="3.0")}
)

SERVER = PlatformState(
    secure_boot=True,
    boot_order=("Boot0001", "Boot0000"),
    restore_policy="LastState",
    power_limit_watts=9000,
    ntp_servers=("10.0.0.1",),
)

SHELF = ShelfState(supplies=6, needed=6, capacity_watts=33_000, outputs={"A1": "On"})
ARMED = LeakState(reaction="GracefulShutdown", delay_s="5")
CONSUMERS = {"su1-n1": {"needed": 2, "cords": {"pdu/r1-pdu-a": [1, 2], "pdu/r1-pdu-b": [1]}}}


@pytest.fixture
def devices(monkeypatch):
    devices = Devices(
        states={
            "10.100.3.254": LOOP,
            "10.100.3.200": OUTLETS,
            "10.100.0.11": VERSIONS,
            "10.100.0.12": SERVER,
            "10.100.3.100": SHELF,
            "10.100.0.13": ARMED,
        }
    )
    for module in (cooling_loop, rack_power, power_shelf, leak_policy, firmware, platform):
        monkeypatch.setattr(module, "read", devices.read)
        monkeypatch.setattr(module, "apply", devices.apply)
    return devices


def read(kind, inputs, identifier=""):
    declared = kind.model.declared(inputs) if inputs else None
    progress = Progress(console=Lines(), urn="", cancelled=asyncio.Event())
    return asyncio.run(kind.read(FakeSite(), identifier, declared, progress))


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        pytest.param(NODE, NodeState, id="node"),
        pytest.param(COOLING_LOOP, LoopState, id="loop"),
        pytest.param(RACK_POWER, OutletsState, id="power"),
        pytest.param(POWER_SHELF, ShelfState, id="shelf"),
        pytest.param(LEAK_POLICY, LeakState, id="leak"),
        pytest.param(FIRMWARE, FirmwareState, id="firmware"),
        pytest.param(PLATFORM, PlatformState, id="platform"),
    ],
)
def test_every_field_of_the_state_is_an_input_of_that_name(kind, state):
    # These are what a device says of itself; nobody declares them.
    told = {"staged", "leaking", "blind"}
    assert {f.name for f in fields(state)} - told <= kind.model.model_fields.keys()


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        pytest.param(COOLING_LOOP, LOOP_INPUTS, id="loop"),
        pytest.param(RACK_POWER, POWER_INPUTS, id="power"),
        pytest.param(POWER_SHELF, SHELF_INPUTS, id="shelf"),
        pytest.param(LEAK_POLICY, LEAK_INPUTS, id="leak"),
        pytest.param(FIRMWARE, FIRMWARE_INPUTS, id="firmware"),
        pytest.param(PLATFORM, PLATFORM_INPUTS, id="platform"),
    ],
)
def test_what_is_as_declared_reads_back_to_the_last_digit(devices, kind, inputs):
    assert read(kind, inputs).inputs == kind.model.declared(inputs)


def test_a_moved_set_point_is_read_and_nothing_else(devices):
    devices.states["10.100.3.254"] = replace(LOOP, supply_temperature_c=36.5)
    live = read(COOLING_LOOP, LOOP_INPUTS)
    assert live.inputs.properties() == (
        LOOP_INPUTS | {"supplyTemperatureC": 36.5, "valves": {}, "inService": True, "allow": []}
    )
    assert live.open_paths == {"supply_temperature_c"}


def test_what_the_cdu_rounds_is_no_drift_beside_what_is(devices):
    rounded = 150.04
    devices.states["10.100.3.254"] = replace(
        LOOP, supply_temperature_c=36.5, differential_pressure_kpa=rounded
    )
    inputs = read(COOLING_LOOP, LOOP_INPUTS).inputs
    assert (inputs.supply_temperature_c, inputs.differential_pressure_kpa) == (36.5, 150.0)


def test_an_outlet_that_is_off_is_read_and_outlets_of_others_are_not(devices):
    declared = POWER_INPUTS | {"outlets": {"1": "On", "3": "On"}}
    assert read(RACK_POWER, declared).inputs.outlets == {"1": "On", "3": "Off"}


def test_an_outlet_that_the_pdu_does_not_have_is_missing(devices):
    declared = POWER_INPUTS | {"outlets": {"1": "On", "40": "On"}}
    assert read(RACK_POWER, declared).inputs.outlets == {"1": "On"}


def test_import_of_a_loop_takes_what_the_cdu_holds(devices):
    inputs = read(COOLING_LOOP, None, "cdu/cdu1@10.100.3.254").inputs
    assert inputs.properties() == LOOP_INPUTS | {"valves": {}, "inService": True, "allow": []}


def test_import_of_a_pdu_takes_all_its_outlets(devices):
    inputs = read(RACK_POWER, None, "pdu/r1-pdu-a@10.100.3.200").inputs
    assert inputs.outlets == {"1": "On", "2": "On", "3": "Off"}


def test_a_stopped_pump_and_a_closed_valve_are_read(devices):
    devices.states["10.100.3.254"] = replace(
        LOOP, unit="Disabled", pumps=1, valves={"r2": "Closed"}
    )
    declared = {"unit": "Enabled", "pumps": 2, "valves": {"r2": "Open", "r3": "Open"}}
    live = read(COOLING_LOOP, LOOP_INPUTS | declared)
    assert live.open_paths == {"unit", "pumps", "valves.r2", "valves.r3"}
    inputs = live.inputs
    assert (inputs.unit, inputs.pumps, inputs.valves) == ("Disabled", 1, {"r2": "Closed"})


def test_a_delay_and_an_alarm_that_are_not_held_are_read(devices):
    devices.states["10.100.3.200"] = replace(
        OUTLETS, delays_s={1: 0}, branch_alarms_amps={"B1": 32.0}
    )
    declared = {"delaysS": {"1": 3}, "branchAlarmsAmps": {"B1": 16.0, "B2": 16.0}}
    live = read(RACK_POWER, POWER_INPUTS | declared)
    assert live.open_paths == {"delays_s.1", "branch_alarms_amps.B1", "branch_alarms_amps.B2"}
    assert live.inputs.delays_s == {"1": 0}
    assert live.inputs.branch_alarms_amps == {"B1": 32.0}


def test_import_of_a_shelf_takes_what_it_shows(devices):
    inputs = read(POWER_SHELF, None, "shelf/r1-shelf1@10.100.3.100").inputs
    more = {"needed": 6, "capacityWatts": 33_000, "inService": True, "allow": []}
    assert inputs.properties() == SHELF_INPUTS | more


def test_import_of_a_leak_policy_takes_what_is_armed(devices):
    inputs = read(LEAK_POLICY, None, "bmc/su1-n3@10.100.0.13").inputs
    assert inputs.properties() == LEAK_INPUTS | {"inService": True, "allow": []}


def test_a_detector_that_sees_nothing_is_open_though_no_input_says_so(devices):
    devices.states["10.100.0.13"] = replace(ARMED, blind=("Tray",))
    live = read(LEAK_POLICY, LEAK_INPUTS)
    assert (live.open_paths, live.inputs) == ({"blind"}, LEAK_POLICY.model.declared(LEAK_INPUTS))


def test_another_version_is_read_with_the_rest_as_declared(devices):
    runs = FirmwareState(components={"BIOS": Component(version="1.0.0")})
    devices.states["10.100.0.11"] = runs
    live = read(FIRMWARE, FIRMWARE_INPUTS)
    bios = FIRMWARE_INPUTS["components"]["BIOS"]
    assert live.inputs.properties()["components"] == {"BIOS": bios | {"version": "1.0.0"}}
    assert live.open_paths == {"components.BIOS"}


def test_firmware_cuts_the_cords_that_are_declared_and_no_other(monkeypatch):
    switched = []

    async def switch(pdu, desired, guard):
        switched.append((pdu, dict(desired.outlets)))

    async def update(_client, _desired, _guard, *, ac_cycle):
        await ac_cycle()
        return Outcome(state=VERSIONS)

    monkeypatch.setattr(rack_power, "apply", switch)
    monkeypatch.setattr(firmware, "apply", update)
    monkeypatch.setattr(ac_cycle.cycle, "__kwdefaults__", {"off_s": 0.0})
    cords = [{"address": a, "secret": f"pdu/{a}", "outlet": n} for a, n in (("b", 7), ("a", 2))]
    inputs = FIRMWARE.model.declared(FIRMWARE_INPUTS | {"cords": cords})
    progress = Progress(console=Lines(), urn="", cancelled=asyncio.Event())
    asyncio.run(FIRMWARE.apply(FakeSite(), inputs, progress))
    off, on = [("a", {2: "Off"}), ("b", {7: "Off"})], [("a", {2: "On"}), ("b", {7: "On"})]
    assert switched == off + on


def test_import_of_firmware_takes_every_component(devices):
    inputs = read(FIRMWARE, None, "bmc/su1-n1@10.100.0.11").inputs
    assert {n: one.version for n, one in inputs.components.items()} == {
        "BIOS": "1.1.0",
        "BMC": "3.0",
    }


def test_import_of_a_platform_takes_all_that_the_server_has(devices):
    inputs = read(PLATFORM, None, "bmc/su1-n2@10.100.0.12").inputs
    more = {"bootOrder": ["Boot0001", "Boot0000"], "restorePolicy": "LastState"}
    assert inputs.properties() == PLATFORM_INPUTS | more | {"inService": True, "allow": []}


def test_another_list_is_read_and_nothing_else(devices):
    devices.states["10.100.0.12"] = replace(SERVER, ntp_servers=())
    live = read(PLATFORM, PLATFORM_INPUTS)
    assert live.inputs.properties() == (
        PLATFORM_INPUTS | {"ntpServers": [], "inService": True, "allow": []}
    )


@pytest.mark.parametrize(
    ("kind", "inputs", "changed", "sentence"),
    [
        pytest.param(
            RACK_POWER,
            POWER_INPUTS | {"outlets": {"1": "On", "2": "Off"}},
            {"outlets"},
            "outlets 2 are cut: stays pending, what hangs on them is in service and power-cycle is "
            "not allowed",
            id="cut",
        ),
        pytest.param(
            RACK_POWER,
            POWER_INPUTS | {"outlets": {"1": "Off"}, "consumers": CONSUMERS, "allow": []},
            {"outlets"},
            "outlets 1 are cut: done at once, all that hangs on them keeps enough other cords",
            id="a cut that is survived",
        ),
        pytest.param(
            RACK_POWER,
            POWER_INPUTS | {"outlets": {"1": "Off", "2": "Off"}, "consumers": CONSUMERS},
            {"outlets"},
            "outlets 1, 2 are cut, and su1-n1 would lose power: stays pending, what hangs on them "
            "is in service and power-cycle is not allowed",
            id="a cut that is not survived",
        ),
        pytest.param(
            COOLING_LOOP,
            LOOP_INPUTS | {"valves": {"r2": "Closed"}, "allow": ["power-cycle"]},
            {"valves"},
            "valve r2 closes: done at once, maintenance allows power-cycle",
            id="a valve",
        ),
        pytest.param(
            LEAK_POLICY,
            LEAK_INPUTS | {"reaction": "None"},
            {"reaction"},
            "nothing reacts to a leak any more: stays pending, the device is in service and "
            "power-cycle is not allowed",
            id="disarmed",
        ),
        pytest.param(LEAK_POLICY, LEAK_INPUTS, {"reaction"}, "", id="armed"),
        pytest.param(
            POWER_SHELF,
            SHELF_INPUTS | {"outputs": {"A1": "Off"}, "inService": False},
            {"outputs"},
            "outputs A1 of the shelf are cut: done at once, what hangs on the busbar is not in "
            "service",
            id="shelf",
        ),
        pytest.param(RACK_POWER, POWER_INPUTS, {"outlets"}, "", id="no cut"),
        pytest.param(
            COOLING_LOOP,
            LOOP_INPUTS,
            {"supplyTemperatureC"},
            "changes the coolant of every node on the loop",
            id="coolant",
        ),
        pytest.param(COOLING_LOOP, LOOP_INPUTS, {"inService"}, "", id="nothing on the loop"),
        pytest.param(
            FIRMWARE,
            FIRMWARE_INPUTS,
            {"components"},
            "a new image needs a reset: stays pending, the node is in service and reset is not "
            "allowed",
            id="firmware",
        ),
        pytest.param(FIRMWARE, FIRMWARE_INPUTS, {"downgrade"}, "", id="no other version"),
        pytest.param(
            PLATFORM,
            PLATFORM_INPUTS | {"inService": False},
            {"secureBoot"},
            "Secure Boot needs a reset: done at once, the node is not in service",
            id="secure boot",
        ),
        pytest.param(PLATFORM, PLATFORM_INPUTS, {"ntpServers"}, "", id="time"),
    ],
)
def test_a_preview_says_what_a_change_interrupts(kind, inputs, changed, sentence):
    assert kind.consequence(kind.model.declared(inputs), frozenset(changed)) == sentence
