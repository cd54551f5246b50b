"""What `clusterwright plan` writes, and that the manual names it."""

import pytest

from clusterwright.design import design
from clusterwright.errors import UsageError
from clusterwright.load import load_site
from clusterwright.render import ARTEFACTS, COMMITTED, LIVE, choose, render
from clusterwright.site_folder import PROJECT, find_site


@pytest.fixture(scope="module")
def plan():
    return design(load_site(find_site("lab")))


def test_the_manual_names_every_artefact_and_its_files(plan):
    manual = (PROJECT / "docs/plan.md").read_text()
    for artefact in ARTEFACTS:
        assert f"`{artefact.what}`" in manual
        for path in artefact.render(plan):
            folder = path.partition("/")[0] + "/" * ("/" in path)
            assert f"`{path}`" in manual or f"`{folder}`" in manual, path


def test_what_is_picked_is_rendered_and_nothing_else(plan):
    assert render(plan, choose(["hosts", "mig"])).keys() == {"hosts", "mig-parted.yml"}


def test_no_file_has_two_origins(plan):
    paths = [path for artefact in ARTEFACTS for path in artefact.render(plan)]
    assert len(set(paths)) == len(paths)


def test_what_deploying_needs_is_committed():
    assert LIVE <= COMMITTED


def test_an_unknown_artefact_is_named_with_those_that_there_are():
    with pytest.raises(UsageError, match="--what drawing: there is no such artefact: use plan, "):
        choose(["drawing"])


@pytest.mark.parametrize("artefact", ARTEFACTS, ids=lambda artefact: artefact.what)
def test_equal_plans_give_equal_bytes(artefact, plan):
    again = design(load_site(find_site("lab")))
    assert artefact.render(plan) == artefact.render(again)
