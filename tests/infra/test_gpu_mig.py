"""The GPUs are cut as the node's pool needs them."""

import re
from collections import Counter
from collections.abc import Mapping

import pytest
from testinfra.host import Host

from clusterwright.design.plan import Node

pytestmark = pytest.mark.gpu

INSTANCE = re.compile(r"\|\s+(\d+)\s+MIG (\S+)\s+(\d+)\s+\d+\s+(\d+):(\d+)\s+\|")
NONE_THERE = ("No GPU instances found", "No MIG-enabled devices found")
Layout = Mapping[str, list[str]]


@pytest.fixture(scope="module")
def instances(host: Host) -> Layout:
    """The GPU instances of each GPU: profile, its id, first slice and length."""
    shown = host.run("nvidia-smi mig -lgi")
    none = any(text in shown.stdout + shown.stderr for text in NONE_THERE)
    assert none or shown.rc == 0, shown.stdout + shown.stderr
    layout: dict[str, list[str]] = {}
    for gpu, profile, profile_id, start, size in INSTANCE.findall(shown.stdout):
        device = f"{profile} (id {profile_id}) at {start}:{size}"
        layout.setdefault(f"GPU {gpu}", []).append(device)
    return {gpu: sorted(devices) for gpu, devices in layout.items()}


def test_mig_is_on_or_off_as_planned(host: Host, planned: Node) -> None:
    """MIG is on or off as planned"""
    query = "nvidia-smi --query-gpu=mig.mode.current,mig.mode.pending --format=csv,noheader"
    lines = host.check_output(query).splitlines()
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


def test_every_mig_device_can_be_used(host: Host, planned: Node) -> None:
    """every MIG device can be used (it has a compute instance)"""
    listed = host.check_output("nvidia-smi -L")
    usable = Counter(re.findall(r"^\s+MIG (\S+)\s+Device", listed, flags=re.MULTILINE))
    wanted = Counter(device.profile for device in planned.gpus.mig_devices)
    assert usable == {profile: count * planned.gpus.count for profile, count in wanted.items()}
