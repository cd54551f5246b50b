"""Plain `pulumi` at the repository's root, inside a lab: its verbs, and Ctrl-C in a terminal."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from clusterwright.operate.target import facility_names
from clusterwright.site_folder import PROJECT
from tests.lab.bad_luck import (
    ATTRIBUTE,
    OTHER,
    PLANNED,
    SYSTEM,
    assert_clear,
    assert_converges,
    assert_goes_on,
    bios_job,
    change_bios,
    ended,
    remembered,
)
from tests.lab.conftest import Finished, Instance

pytestmark = pytest.mark.lab

NODE = "su1-n1"
# The plays of the hosts have tests of their own, and take their time.
ONLY = ("--target", f"**::{NODE}")
CHANGES_EXPECTED = 7


def imports(site: Instance) -> tuple[tuple[str, str, str], ...]:
    """Type, name and id of one resource of each kind of device."""
    plan = site.lab.read_plan()
    node = next(node for node in plan.nodes if node.name == NODE)
    loop, pdu = plan.loops[0], plan.pdus[0]
    return tuple(
        (f"clusterwright:facility:{kind}", name, f"{device.secret}@{device.address}")
        for kind, name, device in (
            ("Node", node.name, node.controller),
            ("Platform", f"{node.name}-platform", node.controller),
            ("Firmware", f"{node.name}-firmware", node.controller),
            ("Controller", f"{node.controller.name}-controller", node.controller),
            ("CoolingLoop", loop.name, loop.controller),
            ("RackPower", pdu.name, pdu.controller),
        )
    )


def pulumi_words(site: Instance, *words: str) -> tuple[str, ...]:
    engine = ("pulumi", "--cwd", str(PROJECT), "--non-interactive", "--stack", site.site)
    return ("lab", "exec", "--site", site.site, "--", *engine, *words)


def pulumi(site: Instance, *words: str, code: int = 0) -> Finished:
    finished = site.command(*pulumi_words(site, *words))
    assert finished.returncode == code, finished.stdout + finished.stderr
    assert_clear(finished)
    return finished


def state_of(site: Instance) -> dict[str, dict[str, Any]]:
    """Resources in the state by their names."""
    state = site.lab.pulumi_backend / f".pulumi/stacks/clusterwright/{site.site}.json"
    resources = json.loads(state.read_text())["checkpoint"]["latest"].get("resources") or ()
    return {one["urn"].rpartition("::")[2]: one for one in resources}


def attribute_in_state(site: Instance) -> str:
    return str(state_of(site)[NODE]["inputs"]["bios"][ATTRIBUTE])


def test_preview_refresh_and_up_show_what_drifted_and_put_it_back(deployed_site: Instance) -> None:
    change_bios(deployed_site, NODE)

    shown = pulumi(deployed_site, "preview", "--expect-no-changes", *ONLY, code=CHANGES_EXPECTED)
    assert f"clusterwright:facility:Node {NODE} update [diff: ~bios]" in shown.stdout
    assert "warning: a changed BIOS attribute needs a reset" in shown.stdout

    pulumi(deployed_site, "refresh", "--yes", *ONLY)
    assert attribute_in_state(deployed_site) == OTHER
    assert remembered(deployed_site, NODE)["bios"][ATTRIBUTE] == OTHER, "nothing was written so far"

    pulumi(deployed_site, "up", "--yes", "--skip-preview", *ONLY)
    assert attribute_in_state(deployed_site) == PLANNED
    assert remembered(deployed_site, NODE)["bios"][ATTRIBUTE] == PLANNED

    pulumi(deployed_site, "preview", "--expect-no-changes", *ONLY)


def test_what_is_destroyed_stays_as_it_is_and_can_be_imported(
    deployed_site: Instance, tmp_path: Path
) -> None:
    pulumi(deployed_site, "destroy", "--yes")
    assert state_of(deployed_site) == {}
    assert deployed_site.redfish(NODE, "GET", SYSTEM)["PowerState"] == "On"

    wanted, file = imports(deployed_site), tmp_path / "wanted.json"
    resources = [{"type": kind, "name": name, "id": at} for kind, name, at in wanted]
    file.write_text(json.dumps({"resources": resources}))
    pulumi(deployed_site, "import", "--yes", "--generate-code=false", "--file", str(file))
    state = state_of(deployed_site)
    assert [state[name]["id"] for _, name, _ in wanted] == [at for _, _, at in wanted]
    assert state[NODE]["inputs"]["bios"][ATTRIBUTE] == PLANNED
    assert state["tcs1"]["inputs"]["supplyTemperatureC"] == 32
    outlets = deployed_site.lab.read_plan().pdus[0].outlets
    shown = state["r1-pdu-a"]["inputs"]["outlets"]
    assert {shown[str(outlet.number)] for outlet in outlets} == {"On"}

    created = len(facility_names(deployed_site.lab.read_plan(), None)) - len(wanted)
    assert_converges(deployed_site, f"{created} created, {len(wanted)} updated")


def test_ctrl_c_in_a_terminal_reaches_every_process_and_only_the_engine_speaks(
    deployed_site: Instance,
) -> None:
    words = pulumi_words(deployed_site, "up", "--yes", "--skip-preview", *ONLY)
    with bios_job(deployed_site, NODE, command=words) as process:
        # A terminal tells the engine, the program and the provider at once.
        os.killpg(process.pid, signal.SIGINT)
        finished = ended(process)
        # The request in flight was given up: it did not wait for the host.
        assert remembered(deployed_site, NODE)["bios_pending"] == {ATTRIBUTE: PLANNED}
        assert finished.returncode != 0
        assert "^C received; cancelling" in finished.stdout
        assert_clear(finished)
        assert_goes_on(deployed_site, NODE, "1 updated")
