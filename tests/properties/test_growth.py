"""Growing within what a site is built for leaves what stands as it is."""

from hypothesis import given

from clusterwright.design.difference import compare
from tests.properties.definitions import examples, plan_of
from tests.properties.growths import growing
from tests.standing import changed

properties = examples(20)


@properties
@given(growing())
def test_what_comes_changes_nothing_of_what_stands(sites):
    assert changed(plan_of(sites[0]), plan_of(sites[1])) == {}


@properties
@given(growing())
def test_diff_of_growth_only_adds(sites):
    grown = compare(plan_of(sites[0]), plan_of(sites[1]))
    assert (grown.remove, grown.move, grown.unplug) == ((),) * 3
    # A splitter's leg that hung free is plugged in; those that were plugged in stay.
    pulled = [one for one in grown.replug if not set(one.was.legs) <= set(one.becomes.legs)]
    assert pulled == []
    # A loop cools the racks that come, too.
    assert {one.what for one in grown.settings} <= {"racks"}
    assert {step.action for step in grown.steps} <= {"mount", "pull"}
    fewer = {one.kind for one in grown.bill if one.count < 0}
    assert fewer <= {"blanking-panel"}
