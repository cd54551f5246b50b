"""A rack of the lab, from the loading dock into service, whatever stops a run."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clusterwright.lab.take_down import take_down
from clusterwright.model.record import Record, SignOff
from clusterwright.record_file import change_record, read_record
from clusterwright.vault_file import read_vault
from tests.lab.conftest import COMMAND, Instance, keep_one

pytestmark = pytest.mark.lab

RACK, NODE = "r2", "su1-n2"
PATIENCE_S = 600.0
SIGNED = {"flushed": "done", "bled": "done", "pressure-held": "600 kPa", "ph": "8.9"} | {
    "conductivity": "1200",
    "leak-reaction": "done",
}
BIOS = "BIOS: {version: 1.0.0, image: hgx-h100/bios-1.0.0.fwpkg"
INVENTORY = "/redfish/v1/UpdateService/FirmwareInventory/BIOS"


@pytest.fixture(scope="module")
def dock(make_instance: Callable[[], Instance]) -> Iterator[Instance]:
    site = delivered(make_instance)
    yield site
    take_down(site.lab)


def delivered(make_instance: Callable[[], Instance]) -> Instance:
    """Return a lab as it is delivered, dark, whose manifest has been taken in."""
    site = make_instance()
    keep_one(site, "dgx-h100", "hgx-h100-liquid")
    finished = site.dock()
    assert finished.returncode == 0, finished.stderr
    manifest = site.command("lab", "manifest", "--site", str(site.definition))
    delivery = site.definition.with_name("delivery.csv")
    delivery.write_text(manifest.stdout)
    taken_in = site.command("intake", str(site.definition), str(delivery))
    assert taken_in.returncode == 0, taken_in.stderr
    for password in passwords(site).values():
        assert password in manifest.stdout
        assert password not in delivery.read_text()
    return site


def passwords(site: Instance) -> dict[str, str]:
    """What the vault has, by the name of the secret."""
    secrets = read_vault(site.lab.folder.vault, site.lab.passphrase_file)
    return {name: one["password"] for name, one in secrets.items() if "password" in one}


def sign_off(site: Instance) -> None:
    at = "2026-11-28T19:00:00Z"
    signed = {name: SignOff(value=value, by="Ada", at=at) for name, value in SIGNED.items()}

    def change(record: Record) -> Record:
        return record.model_copy(update={"sign_offs": {RACK: signed}})

    change_record(site.lab.folder.record, change)


def verdicts(text: str) -> dict[str, str]:
    [rack] = json.loads(text)["racks"]
    return {step["name"]: step["verdict"] for step in rack["steps"]}


def killed_after(site: Instance, step: str, *, patience_s: float = PATIENCE_S) -> None:
    """Start a run, and kill it as soon as its report has this step."""
    report = site.lab.folder.reports / f"{RACK}.json"
    report.unlink(missing_ok=True)
    run = subprocess.Popen(
        [str(COMMAND), "rack", str(site.definition), RACK],
        env=dict(site.variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends_s = time.monotonic() + patience_s
    while step not in steps_in(report):
        assert run.poll() is None, f"the run ended before step {step}"
        assert time.monotonic() < ends_s, f"step {step} was not reached"
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()


def steps_in(report: Path) -> set[str]:
    return set(verdicts(report.read_text())) if report.exists() else set()


def test_a_rack_that_nobody_has_measured_waits_for_a_person(dock: Instance) -> None:
    finished = dock.command("rack", str(dock.definition), RACK)
    assert finished.returncode == 4, finished.stdout + finished.stderr
    assert "clusterwright sign-off" in finished.stdout
    unknown = dock.command("rack", str(dock.definition), "r9")
    assert unknown.returncode == 2
    assert "choose one of r1, r2" in unknown.stderr


def test_a_rack_goes_from_the_dock_into_service_though_its_runs_are_killed(dock: Instance) -> None:
    sign_off(dock)
    command = ("rack", str(dock.definition), RACK, "--json")
    dry = dock.command(*command, "--dry-run")
    assert dry.returncode == 0, dry.stdout + dry.stderr
    assert verdicts(dry.stdout)["standby-power"] == "to do"

    for step in ("standby-power", "cords"):
        killed_after(dock, step)
    whole = dock.command(*command)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert list(verdicts(whole.stdout))[-1] == "in-service"
    assert "fail" not in verdicts(whole.stdout).values()
    record = read_record(dock.lab.folder.record)
    assert record.nodes[NODE].state == "in-service"
    leases = dock.lab.folder.generated / "dhcp/kea-dhcp4.conf"
    assert record.devices[NODE].macs["bmc"] in leases.read_text()
    page = (dock.lab.folder.reports / f"{RACK}.html").read_text()
    assert f"EMU-{NODE.upper()}" in page
    judged = dock.command("lab", "judge", "--site", str(dock.definition))
    assert judged.returncode == 0, judged.stdout

    # Nothing but the vault's own opens what has been delivered with the factory's.
    known = passwords(dock)
    factory = {password for name, password in known.items() if name.startswith("factory/")}
    ours = {name: known[name] for name in known if not name.startswith("factory/")}
    assert {f"bmc/{NODE}", f"hgx/{NODE}", "pdu/r2-pdu-a", "cdu/cdu1"} <= ours.keys()
    assert not factory & set(ours.values())
    assert dock.redfish(NODE, "GET", INVENTORY)["Version"] == "1.0.0"


def test_a_version_that_is_raised_in_the_definition_is_fetched_and_runs(dock: Instance) -> None:
    text = dock.definition.read_text()
    assert BIOS in text
    dock.definition.write_text(text.replace(BIOS, BIOS.replace("1.0.0", "1.0.1")))
    finished = dock.command("up", str(dock.definition), "--layer", "facility")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert dock.redfish(NODE, "GET", INVENTORY)["Version"] == "1.0.1"
