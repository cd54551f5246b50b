"""The GPUs are cut as the node's pool needs them."""

import re
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from clusterwright.design.plan import Node

pytestmark = pytest.mark.gpu

Probe = Callable[..., str]

INSTANCE = re.compile(r"\|\s+(\d+)\s+MIG (\S+)\s+(\d+)\s+\d+\s+(\d+):(\d+)\s+\|")
NVML_NOT_FOUND = 6
Layout = Mapping[str, list[str]]


@pytest.fixture(scope="module")
def instances(probe: Probe) -> Layout:
    """The GPU instances of each GPU: profile, its id, first slice and length."""
    # Where no GPU has an instance, or none has MIG enabled, it ends with "Not Found".
    shown = probe("nvidia-smi mig -lgi", accept=(0, NVML_NOT_FOUND))
    assert "No devices were found" not in shown, "the driver sees no GPU"
    layout: dict[str, list[str]] = {}
    for gpu, profile, profile_id, start, size in INSTANCE.findall(shown):
        device = f"{profile} (id {profile_id}) at {start}:{size}"
        layout.setdefault(f"GPU {gpu}", []).append(device)
    return {gpu: sorted(devices) for gpu, devices in layout.items()}


def test_mig_is_on_or_off_as_planned(probe: Probe, planned: Node) -> None:
    """MIG is on or off as planned"""
    query = "nvidia-smi --query-gpu=mig.mode.current,mig.mode.pending --format=csv,noheader"
    lines = probe(query).splitlines()
    mode = "Enabled" if planned.gpus.mig_devices else "Disabled"
    modes = {f"GPU {index}": line for index, line in enumerate(lines)}
    assert modes == {f"GPU {index}": f"{mode}, {mode}" for index in range(planned.gpus.count)}


def test_every_gpu_has_its_planned_mig_layout(instances: Layout, planned: Node) -> None:
    """every GPU has its planned MIG layout"""
    wanted = sorted(
        f"{device.profile} (id {device.profile_id}) at {device.start}:{device.size}"
        for device in planned.gpus.mig_devices
    )
    layout = {f"GPU {index}": wanted for index in range(planned.gpus.count) if wanted}
    assert instances == layout


def test_every_mig_device_can_be_used(probe: Probe, planned: Node) -> None:
    """every MIG device can be used (it has a compute instance)"""
    listed = probe("nvidia-smi -L")
    usable = Counter(re.findall(r"^\s+MIG (\S+)\s+Device", listed, flags=re.MULTILINE))
    wanted = Counter(device.profile for device in planned.gpus.mig_devices)
    assert usable == {profile: count * planned.gpus.count for profile, count in wanted.items()}
