"""The node has the GPUs that were designed, bought and paid for, and they are ready to work."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pytest
from testinfra.host import Host

from clusterwright.design.plan import Node, SitePlan

pytestmark = pytest.mark.gpu

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
def gpus(host: Host) -> Sequence[Gpu]:
    query = f"nvidia-smi --query-gpu={','.join(FIELDS)} --format=csv,noheader,nounits"
    rows = csv.reader(host.check_output(query).splitlines(), skipinitialspace=True)
    return [Gpu(*row) for row in rows]


@pytest.mark.remedy("reseat or replace the GPUs of {host} that are gone: dmesg says which")
def test_no_gpu_is_missing(gpus: Sequence[Gpu], planned: Node) -> None:
    """no GPU is missing"""
    assert [gpu.name for gpu in gpus] == [planned.gpus.model] * planned.gpus.count


@pytest.mark.remedy("replace the GPU of {host}")
def test_no_gpu_lost_memory(gpus: Sequence[Gpu], planned: Node) -> None:
    """no GPU lost memory"""
    assert by_index(gpu.memory_mib for gpu in gpus) == every(planned, planned.gpus.memory_mib)


def test_every_gpu_runs_the_pinned_driver(
    gpus: Sequence[Gpu], planned: Node, plan: SitePlan
) -> None:
    """every GPU runs the pinned driver"""
    versions = by_index(gpu.driver_version for gpu in gpus)
    assert versions == every(planned, plan.software.gpu_driver_version)


@pytest.mark.remedy("reseat the GPU of {host}, or its riser")
def test_every_gpu_has_its_full_pcie_width(gpus: Sequence[Gpu], planned: Node) -> None:
    """every GPU has its full PCIe width"""
    assert by_index(gpu.pcie_width for gpu in gpus) == every(planned, planned.gpus.pcie_width)


def test_every_gpu_keeps_its_state(gpus: Sequence[Gpu], planned: Node) -> None:
    """every GPU keeps its state between clients (persistence mode)"""
    assert by_index(gpu.persistence_mode for gpu in gpus) == every(planned, "Enabled")


@pytest.mark.nvswitch
@pytest.mark.remedy("see why on {host}: systemctl status nvidia-fabricmanager")
def test_every_gpu_joined_the_nvlink_fabric(gpus: Sequence[Gpu], planned: Node) -> None:
    """every GPU joined the NVLink fabric"""
    states = by_index(f"{gpu.fabric_state}, {gpu.fabric_status}" for gpu in gpus)
    assert states == every(planned, "Completed, Success")


@pytest.mark.remedy("look the Xid up in NVIDIA's catalogue; drain {host} before any repair")
def test_the_kernel_logged_no_xid(host: Host) -> None:
    """the kernel logged no Xid"""
    log = host.check_output("journalctl --dmesg --boot --output=cat --no-pager").splitlines()
    if not any(line.startswith("Linux version") for line in log):
        pytest.skip("the kernel's log does not reach back to its boot on this host")
    assert [line for line in log if "NVRM: Xid" in line] == []


def by_index(values: Iterable[str]) -> dict[str, str]:
    return {f"GPU {index}": value for index, value in enumerate(values)}


def every(planned: Node, value: object) -> dict[str, str]:
    return {f"GPU {index}": str(value) for index in range(planned.gpus.count)}
