"""Growing within what a site is built for leaves what stands as it is."""

from hypothesis import given

from clusterwright.design.difference import CableMove, Difference, compare
from tests.properties.definitions import examples, plan_of
from tests.properties.growths import growing
from tests.standing import changed

properties = examples(20)


def only_plugs_in(move: CableMove, grown: Difference) -> bool:
    """Whether free legs of a splitter go into what comes; the piece and its other legs stay."""
    was, becomes = move.was, move.becomes
    coming = {device.name for device in grown.add}
    added = [leg for leg in becomes.legs if leg not in was.legs]
    kept = [leg for leg in becomes.legs if leg in was.legs]
    same = (was.name, was.cable, was.length_m) == (becomes.name, becomes.cable, becomes.length_m)
    return same and kept == list(was.legs) and all(coming & {x.a.device, x.b.device} for x in added)


@properties
@given(growing())
def test_what_comes_changes_nothing_of_what_stands(sites):
    assert changed(plan_of(sites[0]), plan_of(sites[1])) == {}


@properties
@given(growing())
def test_diff_of_growth_only_adds(sites):
    grown = compare(plan_of(sites[0]), plan_of(sites[1]))
    assert (grown.remove, grown.move, grown.unplug) == ((),) * 3
    assert [one for one in grown.replug if not only_plugs_in(one, grown)] == []
    # A loop cools the racks that come, too.
    assert {one.what for one in grown.settings} <= {"racks"}
    assert {step.action for step in grown.steps} <= {"mount", "pull"}
    fewer = {one.kind for one in grown.bill if one.count < 0}
    assert fewer <= {"blanking-panel"}
