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
from clusterwright.errors import DeviceError, DeviceRefused, DeviceUnreachable, DeviceUntrusted
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
CONNECTORS = f"{ROOT}/ThermalEquipment/CDUs/1/SecondaryCoolantConnectors"
Tree = dict[str, dict[str, Any]]


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
    **{f"{SUPPLIES}/PSU{n}": {"Id": f"PSU{n}", "LineInputStatus": "Normal"} for n in range(6)},
}
CDU: Tree = {
    **SERVICE,
    **collection(f"{ROOT}/Chassis", "1"),
    f"{ROOT}/ThermalEquipment": {"CDUs": link(f"{ROOT}/ThermalEquipment/CDUs")},
    **collection(f"{ROOT}/ThermalEquipment/CDUs", "1"),
    f"{ROOT}/ThermalEquipment/CDUs/1": {
        "SecondaryCoolantConnectors": link(CONNECTORS),
        "LeakDetection": link(f"{ROOT}/ThermalEquipment/CDUs/1/LeakDetection"),
    },
    **collection(CONNECTORS, "1"),
    f"{CONNECTORS}/1": {
        "SupplyTemperatureCelsius": {"Reading": 32.4},
        "DeltaPressurekPa": {"Reading": 149.1},
    },
    f"{ROOT}/ThermalEquipment/CDUs/1/LeakDetection": {
        "LeakDetectorGroups": [{"Detectors": [{"DeviceName": "Tray", "DetectorState": "OK"}]}]
    },
}


def pdu(*, off: tuple[int, ...] = ()) -> Tree:
    pdus = f"{ROOT}/PowerEquipment/RackPDUs"
    return {
        **SERVICE,
        **collection(f"{ROOT}/Chassis", "1"),
        f"{ROOT}/PowerEquipment": {"RackPDUs": link(pdus)},
        **collection(pdus, "1"),
        f"{pdus}/1": {"Outlets": link(f"{pdus}/1/Outlets")},
        **collection(f"{pdus}/1/Outlets", *(str(n) for n in range(1, 25))),
        **{
            f"{pdus}/1/Outlets/{n}": {"Id": str(n), "PowerState": "Off" if n in off else "On"}
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
        tree = answer or {"cdu": CDU, "pdu": pdu()}.get(kind, NODE)
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
    # 4 nodes with 3 checks, 4 controllers of boards, a CDU with 4, 6 PDUs with 2.
    assert (report.checked, report.passes) == (32, {"facility": 32})


def test_a_rack_is_its_nodes_its_pdus_and_its_loop() -> None:
    assert check(site(), "r1").checked == 12
    assert check(site(), "r2").checked == 20


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
            {"r1_pdu_b": pdu(off=(3,))},
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


def test_a_controller_that_does_not_answer_leaves_each_of_its_checks_unproven() -> None:
    report = check(site(su1_n1_bmc=DeviceUnreachable("su1-n1-bmc: nobody answers")))
    assert report.findings == ()
    assert [(one.subject, one.reason) for one in report.unproven] == [
        ("su1-n1", "su1-n1-bmc: nobody answers")
    ] * 3
    assert report.checked == 32


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
