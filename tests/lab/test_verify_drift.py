"""A healthy lab has no finding; what is changed behind our back is found, and gone after `up`."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.lab.conftest import Instance

pytestmark = pytest.mark.lab

SYSTEM = "/redfish/v1/Systems/1"
RESET = f"{SYSTEM}/Actions/ComputerSystem.Reset"
SET_POINT = "/redfish/v1/Chassis/CDU/Controls/SupplyTemperature"
OUTLET = "/redfish/v1/PowerEquipment/RackPDUs/1/Outlets/1/Actions/Outlet.PowerControl"
PATIENCE_S = 300.0

# An installation by hand lifts the hold, as it would on a real host.
OTHER_PACKAGE = """set -e
folder=$(mktemp -d)
mkdir "$folder/DEBIAN"
cat > "$folder/DEBIAN/control" <<'END'
Package: cuda-toolkit-13-0
Version: 13.0.1-1
Architecture: all
Maintainer: Somebody <somebody@example.org>
Description: another version
END
dpkg-deb --build "$folder" /root/other.deb
dpkg --install /root/other.deb
rm -r "$folder" /root/other.deb
"""

# Asked of a lab, these have no answer: its hosts have no kernel of their own.
NEVER_PROVEN = {"the kernel logged no Xid"}


@dataclass(frozen=True, kw_only=True)
class Comparisons:
    """What verify and drift say at one time: documents and exit codes."""

    verify: dict[str, Any]
    verify_code: int
    drift: dict[str, Any]
    drift_code: int


@pytest.fixture(scope="module")
def site(make_instance: Callable[[], Instance]) -> Instance:
    one = make_instance()
    finished = one.up()
    assert finished.returncode == 0, finished.stderr
    deploy(one)
    return one


@pytest.fixture(scope="module")
def healthy(site: Instance) -> Comparisons:
    return compare(site)


@pytest.fixture(scope="module")
def changed(site: Instance, healthy: Comparisons) -> Comparisons:
    """The same site after everything was changed that drift must find."""
    on_host(site, "su1-n1", "echo 'server 192.0.2.1 iburst' >> /etc/chrony/chrony.conf")
    on_host(site, "su1-n1", OTHER_PACKAGE)
    on_host(site, "su1-n3", "nvidia-smi mig -i 5 -dci && nvidia-smi mig -i 5 -dgi")
    on_host(site, "su1-n3", "rm /etc/sysctl.d/90-clusterwright.conf")
    site.redfish("cdu1", "PATCH", SET_POINT, {"SetPoint": 27.0})
    site.redfish("r1-pdu-a", "POST", OUTLET, {"PowerState": "Off"})
    change_bios(site, "su1-n2", "SriovSupport", "Disabled")
    site.redfish("su1-n2", "POST", RESET, {"ResetType": "ForceOff"})
    return compare(site)


@pytest.fixture(scope="module")
def repaired(site: Instance, changed: Comparisons) -> Comparisons:
    deploy(site)
    return compare(site)


def deploy(site: Instance) -> None:
    finished = site.command("up", str(site.definition))
    assert finished.returncode == 0, finished.stdout + finished.stderr


def compare(site: Instance) -> Comparisons:
    verify = site.command("verify", str(site.definition), "--json")
    drift = site.command("drift", str(site.definition), "--json")
    return Comparisons(
        verify=json.loads(verify.stdout),
        verify_code=verify.returncode,
        drift=json.loads(drift.stdout),
        drift_code=drift.returncode,
    )


def on_host(site: Instance, host: str, command: str) -> None:
    finished = site.ssh(host, command)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def change_bios(site: Instance, node: str, attribute: str, value: str) -> None:
    """Change an attribute as somebody at the BMC would: it is taken at a restart."""
    change = {"Attributes": {attribute: value}}
    site.redfish(node, "PATCH", f"{SYSTEM}/Bios/Settings", change)
    site.redfish(node, "POST", RESET, {"ResetType": "ForceRestart"})
    deadline_s = time.monotonic() + PATIENCE_S
    while site.redfish(node, "GET", f"{SYSTEM}/Bios")["Attributes"][attribute] != value:
        assert time.monotonic() < deadline_s, f"{node} did not take {attribute}"
        time.sleep(0.5)


def findings(document: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return kind, expected and actual by subject and check."""
    return {
        (one["subject"], one["check"]): (one["kind"], one["expected"], one["actual"])
        for one in document["findings"]
    }


@pytest.mark.parametrize("when", ["healthy", "repaired"])
def test_a_site_as_planned_has_no_finding(when: str, request: pytest.FixtureRequest) -> None:
    compared = request.getfixturevalue(when)
    assert findings(compared.verify) == {}
    assert findings(compared.drift) == {}
    assert {one["check"] for one in compared.verify["unproven"]} == NEVER_PROVEN
    assert compared.drift["unproven"] == []
    assert (compared.verify_code, compared.drift_code) == (3, 0)


def test_drift_finds_each_change_and_nothing_else(changed: Comparisons) -> None:
    found = {
        (one["subject"], one["kind"], one["expected"], one["actual"])
        for one in changed.drift["findings"]
    }
    slices = " ".join(f"1g.10gb@{start}" for start in range(7))
    assert found == {
        ("su1-n2", "Drift", "Enabled", "Disabled"),
        ("su1-n2", "Drift", "On", "Off"),
        ("cdu1", "Drift", "32.0", "27.0"),
        ("r1-pdu-a", "Drift", "On", "Off"),
        ("su1-n1 /etc/chrony/chrony.conf", "Unexpected", "absent", "server 192.0.2.1 iburst"),
        ("su1-n1 cuda-toolkit-13-0", "Drift", "13.0.2-1 (held)", "13.0.1-1"),
        ("su1-n3 GPU 5", "Drift", f"MIG on: {slices}", "MIG on"),
        ("su1-n3 /etc/sysctl.d/90-clusterwright.conf", "Missing", "present", "absent"),
    }
    assert {one["subject"] for one in changed.drift["unproven"]} == {"su1-n2"}
    assert changed.drift_code == 7


@pytest.mark.parametrize(
    ("subject", "check"),
    [
        ("su1-n2", "BIOS attribute SriovSupport is as declared"),
        ("su1-n2", "the node's power state is as declared"),
        ("cdu1", "the set point of the supply temperature, °C, is as declared"),
        ("r1-pdu-a", "outlet 1 is as declared"),
    ],
)
def test_drift_names_the_setting_of_a_device(
    changed: Comparisons, subject: str, check: str
) -> None:
    assert (subject, check) in findings(changed.drift)


def test_every_finding_of_drift_says_what_helps(changed: Comparisons, site: Instance) -> None:
    remedies = {one["remedy"] for one in changed.drift["findings"]}
    assert remedies == {f"run clusterwright up {site.site}"}


@pytest.mark.parametrize(
    ("subject", "check", "expected", "actual"),
    [
        pytest.param("su1-n2", "the node is powered on", "On", "Off", id="node-off"),
        pytest.param(
            "r1-pdu-a", "every outlet in use is on", "outlet 1: On", "outlet 1: Off",
            id="outlet-off",
        ),
        pytest.param(
            "su1-n1", "every power supply has its line input",
            "PSU0: Normal", "PSU0: LossOfInput", id="power-supply-without-input",
        ),
        pytest.param(
            "su1-n1", "every driver package has its exact version",
            "cuda-toolkit-13-0: 13.0.2-1", "cuda-toolkit-13-0: 13.0.1-1", id="package",
        ),
    ],
)  # fmt: skip
def test_verify_finds_what_does_not_work(
    changed: Comparisons, subject: str, check: str, expected: str, actual: str
) -> None:
    assert findings(changed.verify)[subject, check][1:] == (expected, actual)


def test_verify_finds_the_gpu_without_its_layout(changed: Comparisons) -> None:
    kind, expected, actual = findings(changed.verify)[
        "su1-n3", "every GPU has its planned MIG layout"
    ]
    assert kind == "Missing"
    assert expected.startswith("GPU 5: 1g.10gb (id 19) at 0:1, 1g.10gb (id 19) at 1:1")
    assert actual == "GPU 5: absent"


def test_a_host_that_is_off_is_not_proven_check_by_check(changed: Comparisons) -> None:
    silent = [one for one in changed.verify["unproven"] if one["subject"] == "su1-n2"]
    assert len(silent) > 20
    assert all(one["reason"].startswith("no SSH: ") for one in silent)
    assert changed.verify_code == 1
