"""Growing within what a site is built for leaves what stands as it is."""

from hypothesis import given

from clusterwright.design.difference import compare
from clusterwright.design.plan import SitePlan
from tests.properties.definitions import examples, plan_of
from tests.properties.growths import growing

properties = examples(20)


def standing(plan: SitePlan) -> dict[str, object]:
    """Return everything by name that must not change."""
    links = {(link.a, link.b): link for link in plan.links}
    hosts = (*plan.nodes, *plan.management_hosts, *plan.storage_servers)
    devices = {device.name: device for device in (*hosts, *plan.switches)}
    loops = {loop.name: loop.controller for loop in plan.loops}
    pdus = {pdu.name: (pdu.controller, pdu.rack) for pdu in plan.pdus}
    outlets = {
        (pdu.name, outlet.number): (outlet.consumer, outlet.power_supply)
        for pdu in plan.pdus
        for outlet in pdu.outlets
    }
    return {**links, **devices, **loops, **pdus, **outlets}


@properties
@given(growing())
def test_units_and_nodes_that_come_change_nothing_of_what_stands(sites):
    before, after = standing(plan_of(sites[0])), standing(plan_of(sites[1]))
    assert {key: after.get(key) for key in before} == before


@properties
@given(growing())
def test_diff_of_growth_only_adds(sites):
    grown = compare(plan_of(sites[0]), plan_of(sites[1]))
    assert (grown.remove, grown.move, grown.unplug, grown.replug) == ((),) * 4
    # A loop cools the racks that come, too.
    assert {one.what for one in grown.settings} <= {"racks"}
    assert {step.action for step in grown.steps} <= {"mount", "pull"}
    fewer = {one.kind for one in grown.bill if one.count < 0}
    assert fewer <= {"blanking-panel"}
