"""A rack whose runs are killed at every step boundary ends as one that nobody has disturbed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from clusterwright.lab.take_down import take_down
from clusterwright.model.record import Record
from clusterwright.operate.rack.steps import GATES
from clusterwright.record_file import read_record
from tests.lab.conftest import Finished, Instance
from tests.lab.test_out_of_service import FACILITY
from tests.lab.test_rack import NODE, RACK, delivered, killed_after, passwords, sign_off, verdicts

pytestmark = [pytest.mark.lab, pytest.mark.soak]

PATIENCE_S = 1800.0
STEPS = tuple(gate.name for gate in GATES)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a rack stands after a run that nobody has killed."""

    verdicts: dict[str, str]
    record: dict[str, Any]
    secrets: set[str]
    runs_on: str
    drift: list[dict[str, Any]]


def done(finished: Finished) -> Finished:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished


def at_the_end(site: Instance) -> tuple[Ended, set[tuple[str, str, str]]]:
    """Run once more, to the end; return how the rack stands, and every check of that run."""
    whole = done(site.command("rack", str(site.definition), RACK, "--json"))
    drift = site.command("drift", str(site.definition), "--json", *FACILITY)
    [rack] = json.loads(whole.stdout)["racks"]
    ended = Ended(
        verdicts=verdicts(whole.stdout),
        record=without_times(read_record(site.lab.folder.record)),
        secrets=set(passwords(site)),
        runs_on=done(site.ssh(NODE, "hostname")).stdout,
        drift=[one for one in json.loads(drift.stdout)["findings"] if RACK in str(one)],
    )
    checks = [check for step in rack["steps"] for check in step["checks"]]
    return ended, {(one["subject"], one["sentence"], one["verdict"]) for one in checks}


def without_times(record: Record) -> dict[str, Any]:
    """The record without times and what is made by chance; of a gate with whom it was passed."""
    known = record.model_dump(mode="json", exclude={"passed_gates"})
    for device in known["devices"].values():
        # Of a key that each lab makes for itself.
        del device["fingerprint"]
    passed = {
        rack: {name: (gate.devices, gate.not_proven) for name, gate in gates.items()}
        for rack, gates in record.passed_gates.items()
    }
    return {**known, "passed_gates": passed}


def test_a_rack_that_is_killed_at_every_boundary_ends_as_one_that_is_not(
    make_instance: Callable[[], Instance],
) -> None:
    undisturbed = delivered(make_instance)
    sign_off(undisturbed)
    expected, seen = at_the_end(undisturbed)
    take_down(undisturbed.lab)
    assert set(expected.verdicts) == set(STEPS)

    site = delivered(make_instance)
    sign_off(site)
    for step in STEPS:
        killed_after(site, step, patience_s=PATIENCE_S)
    ended, found = at_the_end(site)
    take_down(site.lab)
    assert ended == expected
    # What trials have shown stands in the report of the run that has put it into service.
    assert found <= seen
