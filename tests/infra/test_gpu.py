"""The node has the GPUs that were designed, bought and paid for, and they are ready to work."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pytest

from clusterwright.design.plan import Node, SitePlan

pytestmark = pytest.mark.gpu

Probe = Callable[..., str]

FIELDS = (
    "name",
    "memory.total",
    "driver_version",
    "pcie.link.width.current",
    "persistence_mode",
    "fabric.state",
    "fabric.status",
)


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU as nvidia-smi reports it."""

    name: str
    memory_mib: str
    driver_version: str
    pcie_width: str
    persistence_mode: str
    fabric_state: str
    fabric_status: str


@pytest.fixture(scope="module")
def gpus(probe: Probe) -> Sequence[Gpu]:
    query = f"nvidia-smi --query-gpu={','.join(FIELDS)} --format=csv,noheader,nounits"
    rows = csv.reader(probe(query).splitlines(), skipinitialspace=True)
    return [Gpu(*row) for row in rows]


@pytest.mark.remedy("reseat or replace the GPUs of {host} that are gone: dmesg says which")
def test_no_gpu_is_missing(gpus: Sequence[Gpu], planned: Node) -> None:
    """no GPU is missing"""
    assert [gpu.name for gpu in gpus] == [planned.gpus.model] * planned.gpus.count


@pytest.mark.remedy("replace the GPU of {host}")
def test_no_gpu_lost_memory(gpus: Sequence[Gpu], planned: Node) -> None:
    """no GPU lost memory"""
    if planned.gpus.memory_mib is None:
        pytest.skip(f"the catalogue does not say how much memory a {planned.gpus.model} shows")
    assert by_index(gpu.memory_mib for gpu in gpus) == every(gpus, planned.gpus.memory_mib)


def test_every_gpu_runs_the_pinned_driver(
    gpus: Sequence[Gpu], planned: Node, plan: SitePlan
) -> None:
    """every GPU runs the pinned driver"""
    versions = by_index(gpu.driver_version for gpu in gpus)
    assert versions == every(gpus, plan.software.gpu_driver_version)


@pytest.mark.remedy("reseat the GPU of {host}, or its riser")
def test_every_gpu_has_its_full_pcie_width(gpus: Sequence[Gpu], planned: Node) -> None:
    """every GPU has its full PCIe width"""
    assert by_index(gpu.pcie_width for gpu in gpus) == every(gpus, planned.gpus.pcie_width)


def test_every_gpu_keeps_its_state(gpus: Sequence[Gpu], planned: Node) -> None:
    """every GPU keeps its state between clients (persistence mode)"""
    assert by_index(gpu.persistence_mode for gpu in gpus) == every(gpus, "Enabled")


@pytest.mark.nvswitch
@pytest.mark.remedy("see why on {host}: systemctl status nvidia-fabricmanager")
def test_every_gpu_joined_the_nvlink_fabric(gpus: Sequence[Gpu], planned: Node) -> None:
    """every GPU joined the NVLink fabric"""
    states = by_index(f"{gpu.fabric_state}, {gpu.fabric_status}" for gpu in gpus)
    assert states == every(gpus, "Completed, Success")


@pytest.mark.remedy("look the Xid up in NVIDIA's catalogue; drain {host} before any repair")
def test_the_kernel_logged_no_xid(probe: Probe) -> None:
    """the kernel logged no Xid"""
    log = probe("journalctl --dmesg --boot --output=cat --no-pager").splitlines()
    if not any(line.startswith("Linux version") for line in log):
        pytest.skip("the kernel's log does not reach back to its boot on this host")
    assert [line for line in log if "NVRM: Xid" in line] == []


def by_index(values: Iterable[str]) -> dict[str, str]:
    return {f"GPU {index}": value for index, value in enumerate(values)}


def every(gpus: Sequence[Gpu], value: object) -> dict[str, str]:
    """Each GPU that is there: the numbers of the others are unknown, for they close ranks."""
    return by_index(str(value) for _ in gpus)
