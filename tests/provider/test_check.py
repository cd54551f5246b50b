"""Every wrong input is named, with its value, the rule and a remedy."""

import pytest

from clusterwright.access.guard import DISRUPTIONS
from clusterwright.design.plan import Disruption
from clusterwright.provider.check import check, with_defaults
from clusterwright.provider.kinds import KINDS
from clusterwright.provider.wire import UNKNOWN, Properties
from tests.provider.live import NODE_INPUTS

_NAMES = (
    *("Node", "CoolingLoop", "RackPower", "PowerShelf", "LeakPolicy"),
    *("Firmware", "Platform", "PlaybookRun"),
)
NODE, LOOP, POWER, SHELF, LEAK, FIRMWARE, PLATFORM, PLAY = (
    next(kind for token, kind in KINDS.items() if token.endswith(f":{name}")) for name in _NAMES
)
LOOP_INPUTS = {
    "address": "10.100.3.254",
    "secret": "cdu/cdu1",
    "supplyTemperatureC": 32,
    "differentialPressureKpa": 150,
    "controlMode": "Automatic",
}
POWER_INPUTS = {"address": "10.100.3.200", "secret": "pdu/r1-pdu-a", "outlets": {"1": "On"}}
FIRMWARE_INPUTS = {
    "address": "10.100.0.11",
    "secret": "bmc/su1-n1",
    "components": {
        "BIOS": {
            "version": "1.1.0",
            "image": "https://10.100.0.1/bios.json",
            "activation": "reset",
            "order": 2,
        }
    },
}
PLATFORM_INPUTS = {
    "address": "10.100.0.12",
    "secret": "bmc/su1-n2",
    "secureBoot": True,
    "powerLimitWatts": 9000,
    "ntpServers": ["10.0.0.1"],
}
SHELF_INPUTS = {
    "address": "10.100.3.100",
    "secret": "shelf/r1-shelf1",
    "supplies": 6,
    "outputs": {"A1": "On"},
}
LEAK_INPUTS = {
    "address": "10.100.0.13",
    "secret": "bmc/su1-n3",
    "reaction": "GracefulShutdown",
    "delayS": 5,
}
PLAY_INPUTS = {"playbook": "site.yml", "rack": "r1", "hosts": ["su1-n1"], "digest": "d"}
CORRECT = "correct it in the program or in the site's definition"


def bios(**changes):
    wanted = FIRMWARE_INPUTS["components"]["BIOS"] | changes
    return FIRMWARE_INPUTS | {"components": {"BIOS": wanted}}


def failures(kind, inputs, secrets=frozenset()):
    found = check(kind.model, Properties(values=inputs, secrets=secrets))
    return [(failure.property, failure.reason) for failure in found]


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        pytest.param(NODE, NODE_INPUTS, id="node"),
        pytest.param(LOOP, LOOP_INPUTS, id="loop"),
        pytest.param(POWER, POWER_INPUTS, id="power"),
        pytest.param(SHELF, SHELF_INPUTS, id="shelf"),
        pytest.param(LEAK, LEAK_INPUTS, id="leak"),
        pytest.param(FIRMWARE, FIRMWARE_INPUTS, id="firmware"),
        pytest.param(PLATFORM, PLATFORM_INPUTS, id="platform"),
        pytest.param(PLAY, PLAY_INPUTS, id="play"),
        pytest.param(PLAY, PLAY_INPUTS | {"digest": UNKNOWN, "hosts": UNKNOWN}, id="unknown"),
        pytest.param(NODE, NODE_INPUTS | {"bios": {"A": UNKNOWN}}, id="unknown inside"),
    ],
)
def test_right_inputs_have_no_failure(kind, inputs):
    assert failures(kind, inputs) == []


@pytest.mark.parametrize(
    ("kind", "inputs", "failure"),
    [
        pytest.param(
            NODE,
            NODE_INPUTS | {"powerState": "on"},
            ("powerState", f"'on': must be one of On, Off; {CORRECT}"),
            id="power state",
        ),
        pytest.param(
            NODE,
            NODE_INPUTS | {"boot": NODE_INPUTS["boot"] | {"mode": "Uefi"}},
            ("boot.mode", f"'Uefi': must be one of UEFI, Legacy; {CORRECT}"),
            id="boot mode",
        ),
        pytest.param(
            NODE,
            {key: value for key, value in NODE_INPUTS.items() if key != "secret"},
            ("secret", "Field required; give it a value"),
            id="missing",
        ),
        pytest.param(
            NODE,
            NODE_INPUTS | {"powerSate": "On"},
            (
                "powerSate",
                "'On': Extra inputs are not permitted; remove it, or use one of "
                "address, secret, inService, allow, powerState, boot, bios, serial, "
                "coolant",
            ),
            id="misspelt",
        ),
        pytest.param(
            NODE,
            NODE_INPUTS | {"allow": ["rest"]},
            (
                "allow.0",
                f"'rest': must be one of reset, power-cycle, link-flap, reboot; {CORRECT}",
            ),
            id="disruption",
        ),
        pytest.param(
            LOOP,
            LOOP_INPUTS | {"supplyTemperatureC": 90},
            ("supplyTemperatureC", f"90: must lie between 2 and 60 °C; {CORRECT}"),
            id="temperature",
        ),
        pytest.param(
            LOOP,
            LOOP_INPUTS | {"flowLpm": 300},
            (
                "",
                "differentialPressureKpa is 150.0 and flowLpm is 300.0, but exactly one of them "
                f"drives the pumps: give one; {CORRECT}",
            ),
            id="pressure and flow",
        ),
        pytest.param(
            POWER,
            POWER_INPUTS | {"outlets": {"1": "Cycle"}},
            ("outlets.1", f"'Cycle': must be one of On, Off; {CORRECT}"),
            id="outlet state",
        ),
        pytest.param(
            POWER,
            POWER_INPUTS | {"outlets": {"a1": "On"}},
            ("outlets.a1", f"'a1': must be the number of an outlet; {CORRECT}"),
            id="outlet number",
        ),
        pytest.param(
            FIRMWARE,
            bios(activation="reboot"),
            (
                "components.BIOS.activation",
                f"'reboot': must be one of manager, reset, aux-cycle, ac-cycle; {CORRECT}",
            ),
            id="activation",
        ),
        pytest.param(
            FIRMWARE,
            bios(image="bios.bin"),
            (
                "components.BIOS.image",
                "'bios.bin': must be the http or https address of an image, without user name and "
                f"password; {CORRECT}",
            ),
            id="image",
        ),
        pytest.param(
            PLATFORM,
            PLATFORM_INPUTS | {"powerLimitWatts": -1},
            ("powerLimitWatts", f"-1: must lie between 0 and 200000 W; {CORRECT}"),
            id="power limit",
        ),
        pytest.param(
            PLATFORM,
            PLATFORM_INPUTS | {"restorePolicy": "On"},
            ("restorePolicy", f"'On': must be one of LastState, AlwaysOn, AlwaysOff; {CORRECT}"),
            id="restore policy",
        ),
        pytest.param(
            PLAY,
            PLAY_INPUTS | {"hosts": []},
            ("hosts", f"[]: List should have at least 1 item after validation, not 0; {CORRECT}"),
            id="no hosts",
        ),
    ],
)
def test_a_wrong_input_is_named(kind, inputs, failure):
    assert failures(kind, inputs) == [failure]


def test_all_wrong_inputs_are_named_together():
    wrong = NODE_INPUTS | {"powerState": "on", "address": ""}
    assert [path for path, _ in failures(NODE, wrong)] == ["address", "powerState"]


def test_a_secret_value_is_not_shown():
    wrong = NODE_INPUTS | {"powerState": "hush"}
    ((_, reason),) = failures(NODE, wrong, frozenset({("powerState",)}))
    assert reason == f"[secret]: must be one of On, Off; {CORRECT}"


def test_defaults_are_filled_in_on_the_safe_side():
    assert with_defaults(LEAK.model, LEAK_INPUTS) == LEAK_INPUTS | {
        "inService": True,
        "allow": [],
    }


def test_what_was_read_from_a_device_need_not_be_sensible():
    assert NODE.model.stored(NODE_INPUTS | {"powerState": "PoweringOff"}).power_state


def test_the_disruptions_that_may_be_allowed_are_those_of_the_definition():
    assert tuple(Disruption) == DISRUPTIONS
