"""A switch is exchanged, taken in and proved: in the end all is as before, and nothing drifts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clusterwright.lab.facility.identity import mac_of, serial_of
from clusterwright.record_file import read_record
from clusterwright.site_folder import find_site
from tests.lab.conftest import Finished, Instance, keep_one
from tests.lab.test_out_of_service import FACILITY

pytestmark = [pytest.mark.lab, pytest.mark.soak]

RACK = "r1"


@pytest.fixture(scope="module")
def site(make_instance: Callable[[], Instance]) -> Instance:
    """One node in each rack, with the switches of the plan, its facility deployed."""
    one = make_instance()
    text = find_site("lab").definition.read_text().partition("\ninstallation:")[0] + "\n"
    one.definition.write_text(text.replace("site: lab\n", f"site: {one.site}\n", 1))
    keep_one(one, "dgx-h100", "hgx-h100-liquid")
    done(one.up())
    done(one.command("up", str(one.definition), *FACILITY))
    return one


def done(finished: Finished) -> Finished:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished


def checks_of(site: Instance, last: str, subject: str) -> dict[str, tuple[str, str]]:
    """Bring the rack up to a step; return what was found of a subject, by sentence."""
    finished = done(site.command("rack", str(site.definition), RACK, "--until", last, "--json"))
    [rack] = json.loads(finished.stdout)["racks"]
    return {
        check["sentence"]: (check["verdict"], check["found"])
        for step in rack["steps"]
        for check in step["checks"]
        if check["subject"] == subject
    }


def drift(site: Instance) -> list[dict[str, Any]]:
    finished = site.command("drift", str(site.definition), "--json", *FACILITY)
    found: list[dict[str, Any]] = json.loads(finished.stdout)["findings"]
    return found


@pytest.mark.parametrize("name", ["r1-oob", "inband-leaf1"])
def test_a_switch_that_was_exchanged_is_proved_and_nothing_drifts(
    site: Instance, tmp_path: Path, name: str
) -> None:
    before = checks_of(site, "switches", name)
    assert before["the switch answers at its address"][0] == "pass"
    assert drift(site) == []

    exchanged = done(site.command("lab", "replace", name, "--site", str(site.definition)))
    # Whoever answers at its address now is not the one whose key we know.
    stranger = checks_of(site, "switches", name)["the switch answers at its address"]
    assert stranger[0] == "not proven"
    assert "host key" in stranger[1].lower() or "host identification" in stranger[1].lower()

    manifest = tmp_path / f"{name}.csv"
    manifest.write_text(exchanged.stdout)
    told = done(site.command("intake", str(site.definition), str(manifest), "--replace", name))
    assert "SSH: 1 of the old device's host keys are dropped" in told.stdout
    assert f"SSH: nobody installs {name} here" in told.stdout
    key = exchanged.stderr.splitlines()[-1]
    with site.lab.known_hosts.open("a") as known:
        known.write(f"{key}\n")

    device = read_record(site.lab.folder.record).devices[name]
    serial = serial_of(name, 2)
    mac = mac_of(serial, 0).lower()
    assert (device.serial, set(device.macs.values())) == (serial, {mac})
    assert mac in done(site.ssh(name, "ip -o link")).stdout
    assert checks_of(site, "switches", name) == before
    done(site.command("up", str(site.definition), *FACILITY))
    assert drift(site) == []
