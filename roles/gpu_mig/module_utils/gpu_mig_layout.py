#!/usr/bin/python3
"""Bring a host's GPUs to a MIG layout: as a program at boot, as a library of the Ansible module.

Speaks to the GPUs through nvidia-smi only. A GPU with processes on it is left as it is.
"""

import argparse
import fcntl
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

Run = Callable[[list[str]], tuple[int, str, str]]
LOCK = Path("/run/gpu-mig.lock")
GPU_INSTANCE = re.compile(
    r"^\|\s+(\d+)\s+MIG\s+(\S+)\s+(\d+)\s+(\d+)\s+(\d+):(\d+)\s", re.MULTILINE
)
COMPUTE_INSTANCE = re.compile(r"^\|\s+(\d+)\s+(\d+)\s+MIG\s", re.MULTILINE)


class MigError(Exception):
    """nvidia-smi is not there, or refused what it was told."""


@dataclass(frozen=True, order=True)
class Device:
    """A GPU instance where it sits; `start` and `size` count memory slices."""

    start: int
    size: int
    profile_id: int
    profile: str


@dataclass(frozen=True)
class Instance:
    """A GPU instance that exists; `usable` once it has a compute instance."""

    id: int
    device: Device
    usable: bool


@dataclass(frozen=True)
class Gpu:
    """The MIG state of one GPU."""

    index: int
    enabled: bool
    pending_enabled: bool
    instances: tuple[Instance, ...] = ()


@dataclass(frozen=True)
class Step:
    """What one GPU is, what it should be, and why it may not be changed now, if it may not."""

    gpu: Gpu
    before: str
    after: str
    obstacle: str = ""


def nvidia_smi(run: Run, *arguments: str) -> str:
    """Run nvidia-smi and return what it printed."""
    rc, out, err = run(["nvidia-smi", *arguments])
    if rc != 0:
        said = " ".join((err.strip() or out.strip()).split())
        raise MigError(f"nvidia-smi {' '.join(arguments)} ended with {rc}: {said}")
    return out


def list_instances(run: Run, listing: str) -> str:
    """Return a listing of MIG instances; nvidia-smi calls it an error that there are none."""
    rc, out, err = run(["nvidia-smi", "mig", listing])
    if rc != 0 and not re.search(r"^No .*found", out + err, re.MULTILINE):
        raise MigError(f"nvidia-smi mig {listing} ended with {rc}: {err.strip() or out.strip()}")
    return out if rc == 0 else ""


def read(run: Run) -> tuple[Gpu, ...]:
    """Read the MIG state of all GPUs."""
    query = "--query-gpu=index,mig.mode.current,mig.mode.pending"
    rows = nvidia_smi(run, query, "--format=csv,noheader").splitlines()
    gpus = [
        Gpu(index=int(index), enabled=current == "Enabled", pending_enabled=pending == "Enabled")
        for index, current, pending in (row.split(", ") for row in rows)
    ]
    if not any(gpu.enabled for gpu in gpus):
        return tuple(gpus)
    gpu_instances, compute = list_instances(run, "-lgi"), list_instances(run, "-lci")
    usable = {(int(gpu), int(instance)) for gpu, instance in COMPUTE_INSTANCE.findall(compute)}
    found: dict[int, list[Instance]] = {}
    for row in GPU_INSTANCE.findall(gpu_instances):
        index, profile_id, instance, start, size = (int(row[i]) for i in (0, 2, 3, 4, 5))
        device = Device(start=start, size=size, profile_id=profile_id, profile=row[1])
        found.setdefault(index, []).append(
            Instance(id=instance, device=device, usable=(index, instance) in usable)
        )
    return tuple(replace(gpu, instances=tuple(found.get(gpu.index, ()))) for gpu in gpus)


def describe(*, enabled: bool, pending_enabled: bool, instances: list[tuple[Device, bool]]) -> str:
    """Say a MIG state in one line, the same for desired and actual."""
    mode = "MIG on" if enabled else "MIG off"
    if enabled != pending_enabled:
        mode += f" ({'on' if pending_enabled else 'off'} after a reset)"
    parts = [
        f"{device.profile}@{device.start}" + ("" if usable else " (no compute instance)")
        for device, usable in sorted(instances)
    ]
    return ": ".join([mode, *([" ".join(parts)] if parts else [])])


def describe_gpu(gpu: Gpu) -> str:
    """Say the MIG state of a GPU in one line."""
    instances = [(instance.device, instance.usable) for instance in gpu.instances]
    return describe(enabled=gpu.enabled, pending_enabled=gpu.pending_enabled, instances=instances)


def compare(run: Run, gpus: tuple[Gpu, ...], devices: list[Device]) -> list[Step]:
    """Return a step for every GPU that is not as it should be."""
    wanted = bool(devices)
    after = describe(
        enabled=wanted, pending_enabled=wanted, instances=[(device, True) for device in devices]
    )
    return [
        Step(gpu=gpu, before=describe_gpu(gpu), after=after, obstacle=obstacle(run, gpu))
        for gpu in gpus
        if describe_gpu(gpu) != after
    ]


def obstacle(run: Run, gpu: Gpu) -> str:
    """Say why this GPU must be left alone, or nothing."""
    apps = ("--query-compute-apps=pid", "--format=csv,noheader")
    pids = nvidia_smi(run, "-i", str(gpu.index), *apps).split()
    if pids:
        return f"in use by process {', '.join(pids)}"
    if gpu.enabled != gpu.pending_enabled:
        return "waits for a reset of the GPU"
    return ""


def converge(run: Run, step: Step, devices: list[Device]) -> str:
    """Change one GPU, and say what it still waits for, or nothing."""
    gpu, index = step.gpu, str(step.gpu.index)
    for instance in gpu.instances:
        if not instance.usable or instance.device not in devices:
            destroy(run, index, instance)
    wanted = bool(devices)
    if gpu.enabled != wanted:
        nvidia_smi(run, "-i", index, "-mig", "1" if wanted else "0")
        (now,) = (other for other in read(run) if other.index == gpu.index)
        if now.enabled != wanted:
            return "waits for a reset of the GPU"
    kept = [instance.device for instance in gpu.instances if instance.usable]
    missing = [f"{device.profile_id}:{device.start}" for device in devices if device not in kept]
    if missing:
        nvidia_smi(run, "mig", "-i", index, "-cgi", ",".join(missing), "-C")
    return ""


def destroy(run: Run, index: str, instance: Instance) -> None:
    """Destroy a GPU instance; its compute instance must go first."""
    which = ("-i", index, "-gi", str(instance.id))
    if instance.usable:
        nvidia_smi(run, "mig", "-dci", *which)
    nvidia_smi(run, "mig", "-dgi", *which)


def parse_devices(devices: list[dict[str, str | int]]) -> list[Device]:
    """Return the planned devices in the order in which they are created."""
    return [
        Device(
            start=int(device["start"]), size=int(device["size"]),
            profile_id=int(device["profile_id"]), profile=str(device["profile"]),
        )
        for device in devices
    ]  # fmt: skip


@contextmanager
def alone() -> Iterator[None]:
    """Keep the boot unit and Ansible from changing the same GPUs at the same time."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_program(command: list[str]) -> tuple[int, str, str]:
    """Run a program to its end."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def main() -> int:
    """Compare with `--check` (ends with 1 where something differs), converge without."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layout", type=Path, help="JSON file with the key devices")
    parser.add_argument("--check", action="store_true", help="say what differs; change nothing")
    arguments = parser.parse_args()
    devices = parse_devices(json.loads(arguments.layout.read_text())["devices"])
    left = 0
    with alone():
        for step in compare(run_program, read(run_program), devices):
            waits = step.obstacle or (
                "" if arguments.check else converge(run_program, step, devices)
            )
            left += bool(waits) or arguments.check
            said = f"GPU {step.gpu.index}: {step.before} -> {step.after}"
            sys.stdout.write(f"{said}: {waits}\n" if waits else f"{said}\n")
    return 1 if left else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (MigError, FileNotFoundError) as error:
        sys.exit(f"gpu-mig: {error}")
