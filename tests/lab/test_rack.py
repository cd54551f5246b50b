"""A rack of the lab, from dark to as far as gates can be proven without its hosts."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clusterwright.lab.control import ask
from clusterwright.model.record import DeviceRecord, Record, SignOff
from clusterwright.record_file import change_record
from tests.lab.conftest import COMMAND, Instance

pytestmark = pytest.mark.lab

RACK = "r2"
PATIENCE_S = 120.0
STEPS = ("coolant", "oob-switch", "standby-power", "loop", "settings", "cords")
SIGNED = {"flushed": "done", "bled": "done", "pressure-held": "600 kPa", "ph": "8.9"} | {
    "conductivity": "1200",
    "leak-reaction": "done",
}
# One process for all outlets: what `status --json` says is enough.
DARKEN = """
import base64, json, pathlib, ssl, sys, urllib.request
status = json.loads(sys.argv[1])
context = ssl.create_default_context(cafile=status["ca_file"])
for service in status["redfish"]:
    if service["kind"] != "pdu":
        continue
    password = pathlib.Path(service["password_file"]).read_text()
    login = base64.b64encode(f"{service['username']}:{password}".encode()).decode()
    def ask(path, body=None):
        request = urllib.request.Request(
            service["url"] + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {login}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, context=context, timeout=20) as response:
            return json.loads(response.read() or b"{}")
    outlets = "/redfish/v1/PowerEquipment/RackPDUs/1/Outlets"
    for member in ask(outlets)["Members"]:
        path = member["@odata.id"]
        ask(f"{path}/Actions/Outlet.PowerControl", {"PowerState": "Off"})
"""


@pytest.fixture
def dock(instance: Instance) -> Instance:
    """A lab in which every outlet is off; what was delivered and measured is recorded."""
    finished = instance.up()
    assert finished.returncode == 0, finished.stderr
    darken(instance)
    change_record(instance.lab.folder.record, _recorded)
    return instance


def darken(instance: Instance) -> None:
    status = json.dumps(ask(instance.lab.control_socket, {"do": "status"}))
    finished = instance.inside(sys.executable, "-c", DARKEN, status)
    assert finished.returncode == 0, finished.stderr


def _recorded(record: Record) -> Record:
    names = ("su1-n1", "su1-n2", "su1-n3", "su1-n4")
    at = "2026-11-28T19:00:00Z"
    return record.model_copy(
        update={
            "devices": {name: DeviceRecord(serial=f"EMU-{name}".upper()) for name in names},
            "sign_offs": {RACK: {k: SignOff(value=v, by="Ada", at=at) for k, v in SIGNED.items()}},
        }
    )


def verdicts(text: str) -> dict[str, str]:
    [rack] = json.loads(text)["racks"]
    return {step["name"]: step["verdict"] for step in rack["steps"]}


def killed_after(instance: Instance, steps: int) -> None:
    """Start a run, and kill it as soon as its report has so many steps."""
    report = instance.lab.folder.reports / f"{RACK}.json"
    report.unlink(missing_ok=True)
    run = subprocess.Popen(
        [str(COMMAND), "rack", str(instance.definition), RACK, "--until", "cords"],
        env=dict(instance.variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends_s = time.monotonic() + PATIENCE_S
    while steps_in(report) < steps and run.poll() is None:
        assert time.monotonic() < ends_s, f"step {steps} was not reached"
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()


def steps_in(report: Path) -> int:
    return len(verdicts(report.read_text())) if report.exists() else 0


def test_a_run_that_was_killed_at_every_step_ends_as_one_that_was_not(dock: Instance) -> None:
    command = ("rack", str(dock.definition), RACK, "--until", "cords", "--json")
    dry = dock.command(*command, "--dry-run")
    assert dry.returncode == 0, dry.stdout + dry.stderr
    assert verdicts(dry.stdout)["standby-power"] == "to do"

    whole = dock.command(*command)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert set(verdicts(whole.stdout)) == set(STEPS)
    assert "fail" not in verdicts(whole.stdout).values()

    darken(dock)
    for steps in range(1, len(STEPS)):
        killed_after(dock, steps)
    again = dock.command(*command)
    assert again.returncode == 0, again.stdout + again.stderr
    assert verdicts(again.stdout) == verdicts(whole.stdout)
    page = (dock.lab.folder.reports / f"{RACK}.html").read_text()
    assert "EMU-SU1-N3" in page

    broken = dock.command(
        "lab", "fault", "inject", "cords-swapped", "su1-n3", "--site", str(dock.definition)
    )
    assert broken.returncode == 0, broken.stderr
    held = dock.command(*command)
    assert held.returncode == 1
    assert "exchange the cords of PSU0 and PSU1 of su1-n3" in held.stdout


def test_a_rack_that_nobody_has_measured_waits_for_a_person(dock: Instance) -> None:
    change_record(
        dock.lab.folder.record, lambda record: record.model_copy(update={"sign_offs": {}})
    )
    finished = dock.command("rack", str(dock.definition), RACK)
    assert finished.returncode == 4
    assert "clusterwright sign-off" in finished.stdout
    unknown = dock.command("rack", str(dock.definition), "r9")
    assert unknown.returncode == 2
    assert "choose one of r1, r2" in unknown.stderr
