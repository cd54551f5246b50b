"""No fault without a test and without a line in the manual."""

import re
from pathlib import Path

import pytest

from clusterwright.lab.facility import FAULTS
from clusterwright.site_folder import PROJECT
from tests.access.facility_rig import SHELF, rig
from tests.faults.operator import broken

NETWORK = PROJECT / "tests/lab/test_out_of_band.py"
OF_CABLES = {"port-swapped"}
"""Happens only where there are switches, which the facility here has not."""


def test_every_fault_has_a_test_here_or_where_there_are_switches() -> None:
    files = (*Path(__file__).parent.glob("test_faults_of_*"), NETWORK)
    tests = "\n".join(file.read_text() for file in files)
    assert [name for name in FAULTS if f'"{name}"' not in tests] == []


def test_the_manual_lists_every_fault_as_it_describes_itself() -> None:
    manual = (PROJECT / "docs/lab.md").read_text()
    told = dict(re.findall(r"^\| `([a-z-]+)` \| .+? \| (.+?) \|$", manual, re.MULTILINE))
    assert told == {name: fault.about for name, fault in FAULTS.items()}


@pytest.mark.asyncio
async def test_every_fault_can_be_injected_wherever_it_can_happen_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path, shelves=(SHELF,)) as lab:
        possible = lab.running.possible_faults
        assert {name for name, _ in possible} == set(FAULTS) - OF_CABLES
        for name, subject in possible:
            async with broken(lab, name, subject):
                assert lab.running.faults == {(name, subject)}
        assert lab.running.faults == set()
        for subject in lab.running.endpoints:
            assert (await lab.get(subject, "/redfish/v1/Chassis"))["Members@odata.count"] == 1
