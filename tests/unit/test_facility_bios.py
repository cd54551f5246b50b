"""BIOS attributes of the lab's servers."""

from pathlib import Path

import pytest

from clusterwright.design.plan import BiosAttribute, Scalar
from clusterwright.lab.facility.bios import (
    apply_pending,
    attributes_of,
    factory_values,
    set_restore_policy,
)
from clusterwright.lab.facility.memory import Memory
from clusterwright.lab.facility.node_memory import NodeMemory


@pytest.mark.parametrize(
    ("planned", "factory"),
    [
        pytest.param("Enabled", "Disabled", id="switch that must be on"),
        pytest.param("Disabled", "Enabled", id="switch that must be off"),
        pytest.param("UEFI", "UEFI", id="boot mode"),
        pytest.param("Maximum", "Auto", id="any other word"),
        pytest.param(True, False, id="boolean"),
        pytest.param(4, 0, id="number"),
        pytest.param("AlwaysOn", "LastState", id="restore policy"),
    ],
)
def test_a_server_leaves_the_factory_with_something_else(planned: Scalar, factory: Scalar) -> None:
    attributes = attributes_of([BiosAttribute(name="X", value=planned)])
    assert factory_values(attributes) == {"X": factory}
    assert attributes[0].check("X", planned) is None


def test_the_restore_policy_of_the_bios_is_that_of_the_system(tmp_path: Path) -> None:
    pending = NodeMemory(bios={"Ac": "LastState"}, bios_pending={"Ac": "AlwaysOn"})
    memory = Memory(tmp_path / "node.json", pending)
    apply_pending(memory)
    assert memory.state.restore_policy == "AlwaysOn"
    set_restore_policy(memory, "AlwaysOff")
    assert memory.state.bios == {"Ac": "AlwaysOff"}


def test_what_a_device_remembers_outlives_it_and_what_it_does_not_know_is_ignored(
    tmp_path: Path,
) -> None:
    file = tmp_path / "devices" / "node.json"
    Memory(file, NodeMemory()).update(power_on=True)
    file.write_text(file.read_text().replace("{", '{"of_another_version": 1,', 1))
    assert Memory(file, NodeMemory()).state == NodeMemory(power_on=True)
