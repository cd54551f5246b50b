"""Water on the floor: a rack goes down at once, and comes back as it was planned."""

import json

import pytest

from tests.lab.conftest import Instance

pytestmark = pytest.mark.lab

NODE = "su1-n3"
DOWN = ("--emergency", "--rack", "r2", "--yes")


def power_of(site: Instance, node: str) -> str:
    return str(site.redfish(node, "GET", "/redfish/v1/Systems/1")["PowerState"])


def test_a_rack_goes_down_can_be_told_again_and_comes_back(deployed_site: Instance) -> None:
    site = str(deployed_site.definition)
    told = deployed_site.command("power-off", site, "--emergency", "--rack", "r2", "--dry-run")
    assert (told.returncode, told.stdout.splitlines()[0]) == (0, f"1. compute: {NODE}")
    assert power_of(deployed_site, NODE) == "On"

    asked = deployed_site.command("power-off", site, "--emergency", "--rack", "r2")
    assert (asked.returncode, power_of(deployed_site, NODE)) == (2, "On")

    for _ in range(2):
        down = deployed_site.command("power-off", site, *DOWN)
        assert down.returncode == 0, down.stdout + down.stderr
        assert f"{NODE}: off" in down.stdout.splitlines()
        assert down.stdout.splitlines()[-1] == "1 off, 0 cut at their outlets, 0 may be on"
        assert power_of(deployed_site, NODE) == "Off"
    assert power_of(deployed_site, "su1-n1") == "On"

    back = deployed_site.command("up", site, "--layer", "facility")
    assert back.returncode == 0, back.stdout + back.stderr
    report = deployed_site.command("drift", site, "--layer", "facility", "--json")
    assert json.loads(report.stdout)["findings"] == []
