"""Every fault end to end: who is named in which sentence, who is not, and that repair is all.

One by one in `make soak`; in `make test` some that differ in kind, all at once.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import pytest

from clusterwright.lab.facility import FAULTS
from tests.lab.conftest import Instance
from tests.lab.fault_case import Case
from tests.lab.fault_table import CASES, STORM
from tests.lab.kill_points import ids
from tests.lab.operator import DRIFT, UP, VERIFY, Told, ask
from tests.lab.test_bad_luck import fault
from tests.lab.test_lab_lifecycle import wait_until

pytestmark = pytest.mark.lab

VERBS = (VERIFY, DRIFT, UP)


def test_a_healthy_facility_has_no_drift_three_times(two_nodes: Instance) -> None:
    assert_no_drift(two_nodes, 3)


@pytest.mark.soak
def test_a_healthy_facility_has_no_drift_a_hundred_times(two_nodes: Instance) -> None:
    assert_no_drift(two_nodes, 100)


def assert_no_drift(site: Instance, times: int) -> None:
    told = [ask(site, DRIFT) for _ in range(times)]
    assert [one.words for one in told if one.code or one.sentences] == []


def test_every_fault_has_its_line_in_the_table() -> None:
    # This one needs switches: it is seen in test_out_of_band.py.
    assert {case.fault for case in CASES} == set(FAULTS) - {"port-swapped"}


@pytest.fixture(scope="module")
def storm(two_nodes: Instance) -> dict[str, Told]:
    """What each command says while all faults of the storm last; afterwards they are repaired."""
    before = ids(two_nodes)
    told = suffered(two_nodes, STORM)
    assert ids(two_nodes) == before
    return told


@pytest.mark.parametrize("case", STORM, ids=lambda case: f"{case.fault} of {case.subject}")
def test_each_of_many_faults_is_named_in_a_sentence_of_its_own(
    storm: Mapping[str, Told], case: Case
) -> None:
    for verb, (_, pattern) in case.seen.items():
        assert_named(storm[verb], case, pattern)


def test_of_many_faults_nobody_is_named_who_has_none(storm: Mapping[str, Told]) -> None:
    for verb, told in storm.items():
        assert [name for name in told.sentences if not any(c.bears(name) for c in STORM)] == [], (
            verb,
            told.words,
        )
        assert told.code == (1 if verb in {UP, VERIFY} else 7)


def test_after_many_repairs_the_next_run_converges(
    two_nodes: Instance, storm: Mapping[str, Told]
) -> None:
    assert storm
    assert_as_planned(two_nodes)


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fault} of {case.subject}")
def test_a_fault_is_named_stops_nothing_else_and_is_gone_after_repair(
    request: pytest.FixtureRequest, case: Case
) -> None:
    # Two servers must be alike to be taken for each other.
    site = request.getfixturevalue(
        "deployed_site" if case.fault == "nodes-swapped" else "two_nodes"
    )
    before = ids(site)
    told = suffered(site, [case])
    assert ids(site) == before
    for verb in VERBS:
        code, pattern = case.seen.get(verb, (0, ""))
        assert told[verb].code == code, told[verb].words
        assert [name for name in told[verb].sentences if not case.bears(name)] == []
        if pattern:
            assert_named(told[verb], case, pattern)
        else:
            assert told[verb].sentences == {}
    assert re.search(case.waits, told[UP].words, re.MULTILINE), told[UP].words
    assert case.holds_up <= told[UP].held_up.keys(), told[UP].words
    causes = {cause for each in told[UP].held_up.values() for cause in each}
    assert causes <= told[UP].sentences.keys(), told[UP].words
    assert_as_planned(site)


def suffered(site: Instance, cases: Sequence[Case]) -> dict[str, Told]:
    """Let faults happen, and ask each command what it makes of them."""
    with ExitStack() as wrong:
        for case in cases:
            if case.before:
                case.before(site, case.subject)
            wrong.enter_context(fault(site, case.fault, case.subject))
            if case.after:
                case.after(site, case.subject)
        return {verb: ask(site, verb) for verb in VERBS}


def assert_named(told: Told, case: Case, pattern: str) -> None:
    own = [one for name, said in told.sentences.items() if case.bears(name) for one in said]
    assert [one for one in own if re.search(pattern, one)], told.words
    assert [one for one in own if "\n" in one] == []


def assert_as_planned(site: Instance) -> None:
    """The next run does what is left and fails nowhere; then all is as declared, and works."""
    assert ask(site, UP).code == 0
    drift = ask(site, DRIFT)
    assert (drift.code, drift.sentences) == (0, {}), drift.words
    # What has grown hot takes a moment to cool down.
    assert wait_until(lambda: ask(site, VERIFY).sentences == {}), ask(site, VERIFY).words
