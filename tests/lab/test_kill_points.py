"""`kill -9` at every line of progress of `up`: nothing is done twice, nothing is forgotten."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from clusterwright.lab.take_down import take_down
from tests.lab.bad_luck import assert_clear, deploy
from tests.lab.conftest import Instance, keep_one
from tests.lab.kill_ledger import Ledger, begun_and_done, name_of, owner, wrongs
from tests.lab.kill_points import (
    ENGINE,
    PROVIDER,
    killed_at_the_first_new_boundary,
    ledger,
)
from tests.lab.operator import DRIFT, ask

log = logging.getLogger(__name__)

pytestmark = [pytest.mark.lab, pytest.mark.soak]


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """What a run that nobody disturbs says and leaves behind."""

    begun: set[str]
    done: set[str]
    left: Ledger


@pytest.fixture(scope="module")
def undisturbed(make_instance: Callable[[], Instance]) -> Undisturbed:
    one = bare_site(make_instance)
    finished = deploy(one)
    assert finished.returncode == 0, finished.stdout
    begun, done = begun_and_done(finished.stdout)
    outcome = Undisturbed(begun=begun, done=done, left=ledger(one))
    take_down(one.lab)
    resources = {name_of(key) for key in outcome.left.ids}
    assert begun == done == resources
    # Each of them but firmware, which is as planned from the start, has something to tell.
    tell = {owner(change, resources) for change in outcome.left.changes}
    assert tell == {name for name in resources if not name.endswith("-firmware")}
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
    make_instance: Callable[[], Instance],
    undisturbed: Undisturbed,
    victim: str,
) -> None:
    site, killed_at, opened, words = bare_site(make_instance), set[str](), set[str](), ""
    before = ledger(site)
    for _ in range(4 * len(undisturbed.begun)):
        finished, boundary = killed_at_the_first_new_boundary(site, killed_at, victim)
        assert_clear(finished)
        words += finished.stdout
        begun, done = begun_and_done(words)
        after = ledger(site)
        opened |= after.open
        wrong = wrongs(undisturbed.left, before, after, begun=begun, done=done, opened=opened)
        assert wrong == [], f"{victim} killed at {boundary}: {finished.stdout}"
        before = after
        if not boundary:
            break
        killed_at.add(boundary)
        log.info("%s killed at %s: %d changes", victim, boundary, after.changes.total())
    # An engine that lives ends what it has begun, whatever becomes of its provider.
    assert victim == ENGINE or not opened
    assert finished.returncode == 0, finished.stdout
    # Whatever is said of a resource was a moment to be killed at, or passed while another was.
    assert (begun, done) == (undisturbed.begun, undisturbed.done)
    assert {one.split(":")[0] for one in killed_at} == undisturbed.begun
    assert after == undisturbed.left
    drift = ask(site, DRIFT)
    assert (drift.code, drift.sentences) == (0, {}), drift.words
    take_down(site.lab)
