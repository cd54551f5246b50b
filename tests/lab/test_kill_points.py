"""`kill -9` at every line of progress of `up`: nothing is done twice, nothing is forgotten."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from clusterwright.lab.take_down import take_down
from tests.lab.bad_luck import assert_clear, deploy
from tests.lab.conftest import Instance, keep_one
from tests.lab.kill_points import (
    ENGINE,
    PROVIDER,
    boundaries,
    changes_made,
    ids,
    killed_at_the_first_new_boundary,
    memories,
)
from tests.lab.operator import DRIFT, ask

pytestmark = [pytest.mark.lab, pytest.mark.soak]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run that nobody disturbs leaves behind."""

    ids: dict[str, str]
    memories: dict[str, Any]
    changes: Counter[str]
    boundaries: set[str]


@pytest.fixture(scope="module")
def undisturbed(make_instance: Callable[[], Instance]) -> Outcome:
    one = bare_site(make_instance)
    finished = deploy(one)
    assert finished.returncode == 0, finished.stdout
    outcome = Outcome(
        ids=ids(one),
        memories=memories(one),
        changes=changes_made(one),
        boundaries=boundaries(finished.stdout),
    )
    take_down(one.lab)
    return outcome


def bare_site(make_instance: Callable[[], Instance]) -> Instance:
    """Two nodes that nothing has been deployed on."""
    one = make_instance()
    keep_one(one, "dgx-h100", "hgx-h100-liquid")
    finished = one.up()
    assert finished.returncode == 0, finished.stderr
    return one


@pytest.mark.parametrize("victim", [ENGINE, PROVIDER])
def test_a_run_that_is_killed_at_every_boundary_does_nothing_twice_and_forgets_nothing(
    make_instance: Callable[[], Instance], undisturbed: Outcome, victim: str
) -> None:
    site, met = bare_site(make_instance), set[str]()
    for _ in range(3 * len(undisturbed.boundaries)):
        finished, boundary = killed_at_the_first_new_boundary(site, met, victim)
        assert_clear(finished)
        twice = changes_made(site) - undisturbed.changes
        assert twice == Counter(), f"killed at {boundary}: {finished.stdout}"
        if not boundary:
            break
        met.add(boundary)
    assert finished.returncode == 0, finished.stdout
    assert {one.split(":")[0] for one in met} == {
        one.split(":")[0] for one in undisturbed.boundaries
    }
    assert ids(site) == undisturbed.ids
    assert memories(site) == undisturbed.memories
    assert changes_made(site) == undisturbed.changes
    drift = ask(site, DRIFT)
    assert (drift.code, drift.sentences) == (0, {}), drift.words
    take_down(site.lab)
