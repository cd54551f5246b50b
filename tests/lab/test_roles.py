"""The roles that ship, on hosts of a lab: they converge, then rest; check mode is right."""

import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clusterwright.site_folder import PROJECT
from tests.lab.conftest import Instance
from tests.lab.test_lab_lifecycle import boot_id

pytestmark = pytest.mark.lab

RESET = "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset"
NODE, OFF, HEAD = "su1-n3", "su1-n4", "head"
PATIENCE_S = 300.0
SSHD = "/etc/ssh/sshd_config.d/10-clusterwright.conf"
DROP_IN = "/etc/systemd/system/nvidia-persistenced.service.d/50-clusterwright.conf"
DOWNGRADE = "apt-get -qq --yes --allow-downgrades --allow-change-held-packages install"
CLIENTS = "/run/emulated-gpu-clients.json"
PLAY = """
import asyncio, dataclasses, json, pathlib, sys
from clusterwright.access.ansible import run_play
from clusterwright.site_folder import SiteFolder
definition, playbook, hosts, check = json.loads(sys.argv[1])
folder = SiteFolder(definition=pathlib.Path(definition))
result = asyncio.run(run_play(folder, playbook, hosts, check=check))
print(json.dumps(dataclasses.asdict(result)))
"""
CANCELLED_PLAY = """
import asyncio, json, os, pathlib, sys
from clusterwright.access.ansible import run_play
from clusterwright.site_folder import SiteFolder
definition, playbook, hosts = json.loads(sys.argv[1])
folder = SiteFolder(definition=pathlib.Path(definition))
async def main():
    cancel, reached = asyncio.Event(), []
    def progress(line):
        reached.append(line)
        if "Own the package sources" in line: cancel.set()
    try:
        await run_play(folder, playbook, hosts, check=True, on_progress=progress, cancel=cancel)
    except asyncio.CancelledError:
        print(json.dumps([os.getpid(), reached]))
asyncio.run(main())
"""

Played = dict[str, Any]


def play(lab: Instance, *hosts: str, check: bool) -> Played:
    """Run `run_play` in the lab's network."""
    arguments = json.dumps([str(lab.lab.folder.definition), "site.yml", hosts, check])
    finished = lab.inside(sys.executable, "-c", PLAY, arguments)
    assert finished.returncode == 0, finished.stderr
    result: Played = json.loads(finished.stdout)
    return result


def changes(result: Played) -> dict[str, tuple[str, str]]:
    assert result["failures"] == []
    return {one["item"]: (one["before"], one["after"]) for one in result["changes"]}


def run(lab: Instance, command: str, host: str = NODE) -> str:
    finished = lab.ssh(host, command)
    assert finished.returncode == 0, f"{command}: {finished.stderr}"
    return finished.stdout


def processes_with(mark: str) -> list[str]:
    """Return the command lines of processes that name `mark` there or in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if mark.encode() in command + (process / "environ").read_bytes():
                found.append(command.decode(errors="replace"))
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.3)


@pytest.fixture(scope="module")
def lab(make_instance: Callable[[], Instance]) -> Iterator[Instance]:
    """A lab with one node on."""
    one = make_instance()
    finished = one.up()
    assert finished.returncode == 0, finished.stderr
    one.redfish(NODE, "POST", RESET, {"ResetType": "On"})
    # A play in check mode waits for a host, too, but not for long.
    wait_until(lambda: one.ssh(NODE, "true").returncode == 0)
    yield one
    assert one.down().returncode == 0


@pytest.fixture(scope="module")
def bare(lab: Instance) -> Played:
    """What check mode says of hosts on which nothing was ever done."""
    return play(lab, NODE, HEAD, check=True)


@pytest.fixture(scope="module")
def first(lab: Instance, bare: Played) -> Played:
    """The first real run."""
    return play(lab, NODE, HEAD, check=False)


@pytest.fixture
def configured(lab: Instance, first: Played) -> Instance:
    assert (first["failures"], first["unreachable"], first["ok"]) == ([], [], True)
    return lab


def test_check_mode_says_of_a_bare_host_what_is_not_there(bare: Played) -> None:
    missing = {item for item, (before, _) in changes(bare).items() if before == ""}
    assert bare["ok"]
    assert {
        "chrony",
        "nvidia-open-580",
        "nvidia-fabricmanager",
        SSHD,
        "/etc/gpu-mig.json",
    } <= missing


def test_check_mode_promises_no_less_than_the_first_run_does(bare: Played, first: Played) -> None:
    # What a package brings cannot be looked at before the package is there.
    only_after_install = {"", "gpu-mig"}
    services = {"nvidia-persistenced", "nvidia-fabricmanager"}
    gpus = {f"GPU {index}" for index in range(8)}
    assert changes(first).keys() - changes(bare).keys() <= only_after_install | services | gpus


def test_a_second_run_changes_nothing(configured: Instance) -> None:
    assert play(configured, NODE, HEAD, check=False)["changes"] == []


def test_the_playbook_also_runs_by_hand(configured: Instance) -> None:
    finished = configured.execute(
        "env",
        f"--chdir={PROJECT}",
        str(Path(sys.prefix) / "bin/ansible-playbook"),
        f"--inventory={configured.lab.folder.ansible_inventory}",
        f"--limit={NODE},{HEAD}",
        "playbooks/site.yml",
    )
    assert finished.returncode == 0, finished.stdout
    assert finished.stdout.count("changed=0") == 2


def test_the_driver_is_held_and_keeps_the_state_of_the_gpus(configured: Instance) -> None:
    assert "nvidia-open-580" in run(configured, "apt-mark showhold").split()
    query = "nvidia-smi --query-gpu=persistence_mode --format=csv,noheader"
    assert run(configured, query).split() == ["Enabled"] * 8


def test_check_mode_names_every_edit_and_a_run_takes_it_back(configured: Instance) -> None:
    older, planned = run(
        configured, "apt-cache madison nvidia-open-580 | cut -d'|' -f2 | sort"
    ).split()
    layout = "MIG on: " + " ".join(f"1g.10gb@{start}" for start in range(7))
    for edit in (
        f"sed -i 's/MaxAuthTries 4/MaxAuthTries 9/' {SSHD}",
        f"rm {DROP_IN}",
        "chmod 0600 /etc/chrony/chrony.conf",
        "systemctl stop chrony",
        "touch /etc/apt/sources.list.d/other.list",
        f"{DOWNGRADE} nvidia-open-580={older}",
        "nvidia-smi mig -i 3 -dci -gi 9",
        "nvidia-smi mig -i 3 -dgi -gi 9",
    ):
        run(configured, edit)
    assert changes(play(configured, NODE, check=True)) == {
        SSHD: ("MaxAuthTries 9", "MaxAuthTries 4"),
        DROP_IN: ("", "present"),
        "/etc/chrony/chrony.conf": ("mode 0600", "mode 0644"),
        "chrony": ("inactive enabled", "active enabled"),
        "/etc/apt/sources.list.d/other.list": ("present", ""),
        "nvidia-open-580": (older, f"{planned} (held)"),
        "GPU 3": (layout.replace("1g.10gb@2 ", ""), layout),
    }
    assert play(configured, NODE, check=False)["ok"]
    assert play(configured, NODE, check=True)["changes"] == []


def test_the_layout_comes_back_at_boot_without_a_play(configured: Instance) -> None:
    def devices() -> int:
        return configured.ssh(NODE, "nvidia-smi -L").stdout.count("MIG 1g.10gb")

    assert devices() == 56
    before = boot_id(configured, NODE)
    configured.redfish(NODE, "POST", RESET, {"ResetType": "ForceRestart"})
    # The old boot still answers for a moment.
    wait_until(lambda: boot_id(configured, NODE) not in {before, ""})
    wait_until(lambda: configured.ssh(NODE, "systemctl is-active gpu-mig").stdout == "active\n")
    assert devices() == 56


def test_a_gpu_in_use_is_left_alone_and_reported(configured: Instance) -> None:
    run(configured, "nvidia-smi mig -i 5 -dci -gi 9 && nvidia-smi mig -i 5 -dgi -gi 9")
    client = json.dumps(
        [{"gpu": 5, "instance": 8, "pid": 4711, "name": "python3", "memory_mib": 9}]
    )
    run(configured, f"echo '{client}' > {CLIENTS}")
    result = play(configured, NODE, check=False)
    assert (result["ok"], result["changes"]) == (True, [])
    ((gpu, before),) = [(one["item"], one["before"]) for one in result["pending"]]
    assert gpu == "GPU 5"
    assert before.endswith("(in use by process 4711)")
    run(configured, f"rm {CLIENTS}")
    assert changes(play(configured, NODE, check=False)).keys() == {"GPU 5"}


def test_a_cancelled_play_leaves_no_process_and_no_folder(configured: Instance) -> None:
    arguments = json.dumps([str(configured.lab.folder.definition), "nodes.yml", [NODE]])
    finished = configured.inside(sys.executable, "-c", CANCELLED_PLAY, arguments)
    owner, reached = json.loads(finished.stdout)
    assert not [line for line in reached if "Apply the MIG layout" in line]
    mark = f"cw-play-{owner}-"
    assert processes_with(mark) == []
    assert list(Path(tempfile.gettempdir()).glob(f"{mark}*")) == []


def test_a_host_that_is_off_is_named_and_the_others_are_played(configured: Instance) -> None:
    result = play(configured, HEAD, OFF, check=True)
    assert (result["ok"], result["unreachable"], result["failures"]) == (False, [OFF], [])


def test_a_version_that_no_source_has_fails_with_its_name(configured: Instance) -> None:
    variables = configured.lab.folder.ansible_inventory / "group_vars/nodes.yml"
    rendered = variables.read_text()
    variables.write_text(rendered.replace("version: 13.", "version: 99."))
    try:
        (failure,) = play(configured, NODE, check=False)["failures"]
    finally:
        variables.write_text(rendered)
    assert (failure["host"], failure["task"]) == (NODE, "Hold the driver at its version")
    assert "E: Version '99." in failure["message"]
