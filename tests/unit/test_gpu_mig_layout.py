"""The program that brings GPUs to a MIG layout, against the emulated nvidia-smi."""

import importlib.util
import json

import pytest

from clusterwright.lab.payloads.emulated_gpu import cli
from clusterwright.lab.payloads.emulated_gpu.machine import Machine
from clusterwright.site_folder import PROJECT

SOURCE = PROJECT / "roles/gpu_mig/module_utils/gpu_mig_layout.py"
SEVEN = [{"profile": "1g.10gb", "profile_id": 19, "start": i, "size": 1} for i in range(7)]
HALVES = [{"profile": "3g.40gb", "profile_id": 9, "start": start, "size": 4} for start in (0, 4)]
ON = "MIG on: " + " ".join(f"1g.10gb@{i}" for i in range(7))


@pytest.fixture(scope="module")
def layout():
    spec = importlib.util.spec_from_file_location("gpu_mig_layout", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def smi(tmp_path):
    """Two emulated GPUs behind the command line of nvidia-smi; `smi.said` is what it was told."""
    hardware = {"model": "NVIDIA H100 80GB HBM3", "count": 2, "memory_mib": 81559}
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/emulated-hardware.json").write_text(json.dumps({"gpus": hardware}))
    version = tmp_path / "usr/lib/emulated-gpu/driver-version"
    version.parent.mkdir(parents=True)
    version.write_text("580.95.05\n")

    def run(command):
        run.said.append(command[1:])
        if "--query-compute-apps=pid" in command:
            return 0, "".join(f"{pid}\n" for pid in run.processes.get(int(command[2]), ())), ""
        reply = cli.run(Machine(root=tmp_path), command[1:])
        return reply.code, reply.text, ""

    run.said, run.processes = [], {}
    return run


def bring(layout, smi, devices):
    """Converge all GPUs; return what was different and what waits."""
    devices = layout.parse_devices(devices)
    steps = layout.compare(smi, layout.read(smi), devices)
    waits = [step.obstacle or layout.converge(smi, step, devices) for step in steps]
    return [(s.gpu.index, s.before, s.after) for s in steps], waits


def states(layout, smi):
    return [layout.describe_gpu(gpu) for gpu in layout.read(smi)]


def test_a_layout_is_made_from_nothing_and_then_left_alone(layout, smi):
    assert bring(layout, smi, SEVEN) == ([(0, "MIG off", ON), (1, "MIG off", ON)], ["", ""])
    assert states(layout, smi) == [ON, ON]
    assert bring(layout, smi, SEVEN) == ([], [])


def test_another_layout_replaces_the_first(layout, smi):
    bring(layout, smi, SEVEN)
    bring(layout, smi, HALVES)
    assert states(layout, smi) == ["MIG on: 3g.40gb@0 3g.40gb@4"] * 2


def test_no_layout_turns_mig_off(layout, smi):
    bring(layout, smi, HALVES)
    bring(layout, smi, [])
    assert states(layout, smi) == ["MIG off"] * 2


def test_only_what_is_wrong_is_destroyed(layout, smi):
    bring(layout, smi, SEVEN)
    smi(["nvidia-smi", "mig", "-i", "1", "-dci", "-gi", "9"])
    smi(["nvidia-smi", "mig", "-i", "1", "-dgi", "-gi", "9"])
    smi.said.clear()
    without = ON.replace("1g.10gb@2 ", "")
    assert bring(layout, smi, SEVEN) == ([(1, without, ON)], [""])
    changing = [command for command in smi.said if {"-mig", "-dci", "-dgi", "-cgi"} & set(command)]
    assert changing == [["mig", "-i", "1", "-cgi", "19:2", "-C"]]


def test_an_instance_without_compute_instance_is_made_anew(layout, smi):
    bring(layout, smi, SEVEN)
    smi(["nvidia-smi", "mig", "-i", "0", "-dci", "-gi", "7"])
    ((_, before, _),), _ = bring(layout, smi, SEVEN)
    assert before == ON.replace("1g.10gb@0", "1g.10gb@0 (no compute instance)")
    assert states(layout, smi) == [ON, ON]


def test_compute_instances_go_before_their_gpu_instances(layout, smi):
    bring(layout, smi, HALVES)
    smi.said.clear()
    bring(layout, smi, [])
    order = [arguments[1] for arguments in smi.said if arguments[0] == "mig"]
    assert [word for word in order if word.startswith("-d")] == ["-dci", "-dgi"] * 4


def test_a_gpu_with_processes_is_left_alone_and_the_others_are_not(layout, smi):
    smi.processes[0] = [4711, 4712]
    assert bring(layout, smi, SEVEN)[1] == ["in use by process 4711, 4712", ""]
    assert states(layout, smi) == ["MIG off", ON]


def test_a_refusal_names_the_command_and_the_words(layout, smi):
    impossible = [{"profile": "7g.80gb", "profile_id": 0, "start": 4, "size": 8}]
    with pytest.raises(layout.MigError, match=r"^nvidia-smi mig -i 0 -cgi 0:4 -C ended with \d+: "):
        bring(layout, smi, impossible)


def test_a_mode_that_waits_for_a_reset_is_reported(layout):
    def ampere(command):
        if "--query-gpu=index,mig.mode.current,mig.mode.pending" in command:
            return 0, "0, Disabled, Enabled\n", ""
        return 0, "", ""

    steps, waits = bring(layout, ampere, SEVEN)
    assert steps == [(0, "MIG off (on after a reset)", ON)]
    assert waits == ["waits for a reset of the GPU"]
