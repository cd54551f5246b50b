"""What controllers, CDUs and PDUs say becomes passes, findings and unproven checks."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from clusterwright.access.guard import Difference
from clusterwright.access.redfish import Redfish
from clusterwright.design.plan import Controller
from clusterwright.errors import (
    DeviceError,
    DeviceRefused,
    DeviceRefusedLogin,
    DeviceTooOld,
    DeviceUnreachable,
    DeviceUntrusted,
)
from clusterwright.verify.devices import Connect
from clusterwright.verify.facility_checks import ANSWERS, check_facility
from clusterwright.verify.facility_drift import (
    declared_devices,
    facility_drift,
    report_of,
    staged_against,
)
from clusterwright.verify.report import Report
from clusterwright.verify.settings import sentence_of, settings_of
from tests.plans import lab_plan

ROOT = "/redfish/v1"
SUPPLIES = f"{ROOT}/Chassis/1/PowerSubsystem/PowerSupplies"
FILTERS = f"{ROOT}/ThermalEquipment/CDUs/1/Filters"
CONNECTORS = f"{ROOT}/ThermalEquipment/CDUs/1/SecondaryCoolantConnectors"
Tree = dict[str, dict[str, Any]]
WATTS = (500.0, 520.0, 540.0, 560.0, 580.0, 600.0)
"""What each supply of a node takes."""


def collection(path: str, *members: str) -> Tree:
    return {path: {"Members": [{"@odata.id": f"{path}/{member}"} for member in members]}}


def link(path: str) -> dict[str, str]:
    return {"@odata.id": path}


SERVICE: Tree = {
    f"{ROOT}/": {
        name: link(f"{ROOT}/{name}")
        for name in ("Systems", "Chassis", "ThermalEquipment", "PowerEquipment")
    }
}
NODE: Tree = {
    **SERVICE,
    **collection(f"{ROOT}/Systems", "1"),
    f"{ROOT}/Systems/1": {"PowerState": "On", "Bios": link(f"{ROOT}/Systems/1/Bios")},
    **collection(f"{ROOT}/Chassis", "1"),
    f"{ROOT}/Chassis/1": {"PowerSubsystem": link(f"{ROOT}/Chassis/1/PowerSubsystem")},
    f"{ROOT}/Chassis/1/PowerSubsystem": {"PowerSupplies": link(SUPPLIES)},
    **collection(SUPPLIES, *(f"PSU{n}" for n in range(6))),
    **{
        f"{SUPPLIES}/PSU{n}": {
            "Id": f"PSU{n}",
            "LineInputStatus": "Normal",
            "Status": {"Health": "OK"},
            "Metrics": link(f"{SUPPLIES}/PSU{n}/Metrics"),
        }
        for n in range(6)
    },
    **{
        f"{SUPPLIES}/PSU{n}/Metrics": {"InputPowerWatts": {"Reading": watts}}
        for n, watts in enumerate(WATTS)
    },
}
CDU: Tree = {
    **SERVICE,
    **collection(f"{ROOT}/Chassis", "1"),
    f"{ROOT}/ThermalEquipment": {"CDUs": link(f"{ROOT}/ThermalEquipment/CDUs")},
    **collection(f"{ROOT}/ThermalEquipment/CDUs", "1"),
    f"{ROOT}/ThermalEquipment/CDUs/1": {
        "SecondaryCoolantConnectors": link(CONNECTORS),
        "Filters": link(FILTERS),
        "LeakDetection": link(f"{ROOT}/ThermalEquipment/CDUs/1/LeakDetection"),
    },
    **collection(FILTERS, "1"),
    f"{FILTERS}/1": {"Id": "1", "Status": {"Health": "OK"}},
    **collection(CONNECTORS, "1"),
    f"{CONNECTORS}/1": {
        "SupplyTemperatureCelsius": {"Reading": 32.4},
        "DeltaPressurekPa": {"Reading": 149.1},
    },
    f"{ROOT}/ThermalEquipment/CDUs/1/LeakDetection": {
        "LeakDetectorGroups": [{"Detectors": [{"DeviceName": "Tray", "DetectorState": "OK"}]}]
    },
}


def pdu(name: str = "", *, off: tuple[int, ...] = (), factor: float = 1.0) -> Tree:
    """A PDU that gives its outlets what the plan's nodes take from them, times a factor."""
    pdus = f"{ROOT}/PowerEquipment/RackPDUs"
    given = {
        cord.outlet: WATTS[ordinal] * factor
        for node in lab_plan().nodes
        for ordinal, cord in enumerate(node.power_supplies)
        if cord.pdu == name
    }
    return {
        **SERVICE,
        **collection(f"{ROOT}/Chassis", "1"),
        f"{ROOT}/PowerEquipment": {"RackPDUs": link(pdus)},
        **collection(pdus, "1"),
        f"{pdus}/1": {"Outlets": link(f"{pdus}/1/Outlets"), "Metrics": link(f"{pdus}/1/Metrics")},
        f"{pdus}/1/Metrics": {"PowerWatts": {"Reading": sum(given.values())}},
        **collection(f"{pdus}/1/Outlets", *(str(n) for n in range(1, 25))),
        **{
            f"{pdus}/1/Outlets/{n}": {
                "Id": str(n),
                "PowerState": "Off" if n in off else "On",
                "PowerWatts": {"Reading": given.get(n, 0.0)},
            }
            for n in range(1, 25)
        },
    }


@dataclass
class Device:
    """Answers from a tree as a Redfish client would."""

    name: str
    tree: Tree
    address: str = ""

    async def root(self) -> dict[str, Any]:
        return self.tree[f"{ROOT}/"]

    async def get(self, path: str) -> dict[str, Any]:
        if path not in self.tree:
            raise DeviceRefused(f"{self.name}: {path}: no such resource")
        return {"@odata.id": path, **self.tree[path]}


def site(**changed: Tree | DeviceError) -> Connect:
    """A healthy lab but for the devices that are `changed`, by name with _ for -."""

    def connect(controller: Controller) -> AbstractAsyncContextManager[Redfish]:
        kind = controller.secret.partition("/")[0]
        answer = changed.get(controller.name.replace("-", "_"))
        if isinstance(answer, DeviceError):
            raise answer
        tree = answer or {"cdu": CDU, "pdu": pdu(controller.name)}.get(kind, NODE)
        return cast(
            AbstractAsyncContextManager[Redfish], nullcontext(Device(controller.name, tree))
        )

    return connect


def changed(tree: Tree, path: str, **values: object) -> Tree:
    return {**tree, path: {**json.loads(json.dumps(tree[path])), **values}}


def check(connect: Connect, rack: str | None = None) -> Report:
    return asyncio.run(check_facility(lab_plan(), rack, connect))


def test_a_healthy_facility_passes_every_check() -> None:
    report = check(site())
    # 4 nodes with 4 checks and one of their cords, 4 controllers of boards,
    # a CDU with 5, 6 PDUs with 3.
    assert (report.checked, report.passes) == (47, {"facility": 47})


def test_a_rack_is_its_nodes_its_pdus_and_its_loop() -> None:
    assert check(site(), "r1").checked == 19
    assert check(site(), "r2").checked == 28


@pytest.mark.parametrize(
    ("changes", "subject", "said", "expected", "actual"),
    [
        pytest.param(
            {"su1_n1_bmc": changed(NODE, f"{ROOT}/Systems/1", PowerState="Off")},
            "su1-n1", "the node is powered on", "On", "Off", id="node-off",
        ),
        pytest.param(
            {"su1_n2_bmc": changed(NODE, f"{SUPPLIES}/PSU3", LineInputStatus="LossOfInput")},
            "su1-n2", "every power supply has its line input",
            "PSU3: Normal", "PSU3: LossOfInput", id="power-supply-without-input",
        ),
        pytest.param(
            {"r1_pdu_b": pdu("r1-pdu-b", off=(3,))},
            "r1-pdu-b", "every outlet in use is on", "outlet 3: On", "outlet 3: Off",
            id="outlet-off",
        ),
        pytest.param(
            {"cdu1": changed(CDU, f"{CONNECTORS}/1", SupplyTemperatureCelsius={"Reading": 36.5})},
            "cdu1", "the measured supply temperature is near its set point",
            "32 ± 2 °C", "36.5 °C", id="coolant-too-warm",
        ),
        pytest.param(
            {"cdu1": changed(CDU, f"{CONNECTORS}/1", DeltaPressurekPa={"Reading": 120.0})},
            "cdu1", "the measured differential pressure is near its set point",
            "150 ± 15 kPa", "120 kPa", id="pressure-lost",
        ),
        pytest.param(
            {
                "cdu1": changed(
                    CDU, f"{ROOT}/ThermalEquipment/CDUs/1/LeakDetection",
                    LeakDetectorGroups=[
                        {"Detectors": [{"DeviceName": "Tray", "DetectorState": "Critical"}]}
                    ],
                )
            },
            "cdu1", "no detector of the CDU reports a leak", "absent", "Tray: Critical",
            id="leak",
        ),
        pytest.param(
            {"su1_n2_bmc": changed(NODE, f"{SUPPLIES}/PSU3", Status={"Health": "Critical"})},
            "su1-n2", "no power supply with line input has failed",
            "absent", "PSU3: Critical", id="power-supply-failed",
        ),
        pytest.param(
            {"cdu1": changed(CDU, f"{FILTERS}/1", Status={"Health": "Critical"})},
            "cdu1", "no filter of the CDU is clogged", "absent", "filter 1: Critical",
            id="filter-clogged",
        ),
        pytest.param(
            {
                "r1_pdu_a": changed(
                    pdu("r1-pdu-a"), f"{ROOT}/PowerEquipment/RackPDUs/1/Metrics",
                    PowerWatts={"Reading": 9000},
                )
            },
            "r1-pdu-a", "what the PDU measures can be",
            "absent", "input: 9000 W, all outlets together: 2120 W", id="meters-disagree",
        ),
        pytest.param(
            {
                "su1_n1_bmc": changed(
                    changed(
                        NODE, f"{SUPPLIES}/PSU0/Metrics", InputPowerWatts={"Reading": WATTS[1]}
                    ),
                    f"{SUPPLIES}/PSU1/Metrics", InputPowerWatts={"Reading": WATTS[0]},
                )
            },
            "su1-n1", "every power supply draws from its planned outlet",
            "PSU0 from r1-pdu-a outlet 1, PSU1 from r1-pdu-b outlet 1",
            "PSU0 from r1-pdu-b outlet 1, PSU1 from r1-pdu-a outlet 1", id="cords-swapped",
        ),
        pytest.param(
            {"su1_n1_bmc": DeviceUntrusted("su1-n1-bmc: its certificate is of another site")},
            "su1-n1", ANSWERS, "a certificate of the site's CA, and the login of the site's vault",
            "su1-n1-bmc: its certificate is of another site", id="certificate-of-another-site",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_finding(
    changes: dict[str, Any], subject: str, said: str, expected: str, actual: str
) -> None:
    [finding] = check(site(**changes)).findings
    assert (finding.subject, finding.check) == (subject, said)
    assert (finding.expected, finding.actual) == (expected, actual)
    assert finding.remedy


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        pytest.param(DeviceUntrusted, "a certificate of the site's CA", id="untrusted"),
        pytest.param(DeviceTooOld, "update the controller's firmware by hand", id="too old"),
        pytest.param(DeviceRefusedLogin, "give the vault the controller's login", id="login"),
    ],
)
def test_the_remedy_is_that_of_what_is_wrong(error: type[DeviceError], remedy: str) -> None:
    [finding] = check(site(su1_n1_bmc=error("su1-n1-bmc: said so"))).findings
    assert remedy in finding.remedy


def test_a_controller_that_does_not_answer_leaves_each_of_its_checks_unproven() -> None:
    report = check(site(su1_n1_bmc=DeviceUnreachable("su1-n1-bmc: nobody answers")))
    assert report.findings == ()
    assert [(one.subject, one.reason) for one in report.unproven] == [
        ("su1-n1", "su1-n1-bmc: nobody answers")
    ] * 5
    assert report.checked == 47


def test_cords_that_draw_alike_are_not_told_apart() -> None:
    alike = NODE
    for n in range(6):
        path = f"{SUPPLIES}/PSU{n}/Metrics"
        alike = changed(alike, path, InputPowerWatts={"Reading": 500.0})
    pdus = {
        f"r1_pdu_{feed}": changed_outlets(pdu(f"r1-pdu-{feed}"), 500.0) for feed in ("a", "b", "c")
    }
    report = check(site(su1_n1_bmc=alike, su1_n2_bmc=alike, **pdus), "r1")
    assert report.findings == ()
    assert {one.reason for one in report.unproven} == {
        "PSU0 and PSU1 draw alike, so no meter tells their cords apart"
    }


def test_a_load_that_changes_between_two_readings_swaps_no_cord() -> None:
    pdus = {f"r1_pdu_{feed}": pdu(f"r1-pdu-{feed}", factor=1.3) for feed in ("a", "b", "c")}
    assert check(site(**pdus), "r1").passes == {"facility": 19}


def changed_outlets(tree: Tree, watts: float) -> Tree:
    """Let every outlet in use give the same."""
    total = 0.0
    for path, body in tree.items():
        if "/Outlets/" in path and body["PowerWatts"]["Reading"]:
            tree = changed(tree, path, PowerWatts={"Reading": watts})
            total += watts
    metrics = f"{ROOT}/PowerEquipment/RackPDUs/1/Metrics"
    return changed(tree, metrics, PowerWatts={"Reading": total})


def test_a_reading_that_the_device_does_not_give_is_not_proven() -> None:
    report = check(site(cdu1=changed(CDU, f"{CONNECTORS}/1", DeltaPressurekPa=None)))
    [one] = report.unproven
    assert one.check == "the measured differential pressure is near its set point"
    assert "DeltaPressurekPa" in one.reason


def test_a_cdu_without_leak_detectors_proves_no_absence_of_leaks() -> None:
    path = f"{ROOT}/ThermalEquipment/CDUs/1/LeakDetection"
    [one] = check(site(cdu1=changed(CDU, path, LeakDetectorGroups=[]))).unproven
    assert one.check == "no detector of the CDU reports a leak"


def test_every_declared_setting_is_a_check_of_drift() -> None:
    node = next(device for device in declared_devices(lab_plan()) if device.subject == "su1-n1")
    assert settings_of(node.state) == (
        "power_state", "boot.target", "boot.enabled", "boot.mode",
        "bios.BootMode", "bios.SriovSupport",
    )  # fmt: skip


def test_a_difference_is_a_finding_and_the_other_settings_hold() -> None:
    node = next(device for device in declared_devices(lab_plan()) if device.subject == "su1-n1")
    difference = Difference(
        path="bios.SriovSupport", expected="Enabled", actual="Disabled",
        pending=True, remedy="run clusterwright up",
    )  # fmt: skip
    report = report_of("lab", node, (difference,))
    [finding] = report.findings
    assert report.passes == {"facility": 5}
    assert finding.check == "BIOS attribute SriovSupport is as declared"
    assert (finding.expected, finding.actual, finding.pending) == ("Enabled", "Disabled", True)
    assert finding.remedy == "run clusterwright up lab"


def test_a_bios_value_that_waits_for_a_reset_to_become_wrong_is_found() -> None:
    wanted = next(d.state for d in declared_devices(lab_plan()) if d.subject == "su1-n1")
    assert staged_against(wanted, wanted) == ()
    tampered = replace(wanted, staged={"SriovSupport": "Disabled"})
    [difference] = staged_against(wanted, tampered)
    assert (difference.path, difference.actual) == ("staged.SriovSupport", "Disabled")
    assert sentence_of(difference.path) == (
        "BIOS attribute SriovSupport stays as declared at the next reset"
    )


def test_a_wrong_value_that_waits_to_become_right_is_said_once() -> None:
    wanted = next(d.state for d in declared_devices(lab_plan()) if d.subject == "su1-n1")
    waiting = replace(
        wanted,
        bios={**wanted.bios, "SriovSupport": "Disabled"},
        staged={"SriovSupport": "Enabled"},
    )
    assert staged_against(wanted, waiting) == ()


def test_what_the_device_does_not_have_is_missing() -> None:
    device = declared_devices(lab_plan())[-1]
    gone = Difference(path="outlets.1", expected="On", actual="(no such outlet)")
    assert report_of("lab", device, (gone,)).findings[0].kind == "Missing"


def test_drift_of_a_device_that_does_not_answer_is_not_proven_setting_by_setting() -> None:
    silent = {
        name: DeviceUnreachable("nobody answers")
        for name in (d.controller.name.replace("-", "_") for d in declared_devices(lab_plan()))
    }
    report = asyncio.run(facility_drift(lab_plan(), site(**silent)))
    assert (report.passed, report.findings) == (0, ())
    assert {one.reason for one in report.unproven} == {"nobody answers"}
    assert len(report.unproven) == sum(
        len(settings_of(device.state)) for device in declared_devices(lab_plan())
    )


def test_a_load_that_jumps_while_it_is_read_is_not_proven_and_no_finding() -> None:
    ordinals = iter(range(100))

    class Jumping(Device):
        """Takes another share of its load with another supply at each reading."""

        async def get(self, path: str) -> dict[str, Any]:
            body = await super().get(path)
            if path.endswith("/Metrics"):
                return {**body, "InputPowerWatts": {"Reading": 400.0 + 37 * next(ordinals)}}
            return body

    healthy = site()

    def connect(controller: Controller) -> AbstractAsyncContextManager[Redfish]:
        if controller.name != "su1-n1-bmc":
            return healthy(controller)
        device = Jumping(controller.name, NODE)
        return cast(AbstractAsyncContextManager[Redfish], nullcontext(device))

    report = check(connect, "r1")
    assert report.findings == ()
    assert [one.reason for one in report.unproven] == [
        "its load changes faster than it can be read"
    ]
