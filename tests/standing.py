"""Everything of a plan that must not change when a site grows."""

from clusterwright.design.plan import SitePlan


def standing(plan: SitePlan) -> dict[object, object]:
    """Return it by name, or by what else tells one from another."""
    links = {(link.a, link.b): link for link in plan.links}
    hosts = (*plan.nodes, *plan.management_hosts, *plan.storage_servers)
    devices = {device.name: device for device in (*hosts, *plan.switches, *plan.panels)}
    loops = {loop.name: loop.controller for loop in plan.loops}
    pdus = {pdu.name: (pdu.controller, pdu.rack) for pdu in plan.pdus}
    outlets = {
        (pdu.name, outlet.number): (outlet.consumer, outlet.power_supply)
        for pdu in plan.pdus
        for outlet in pdu.outlets
    }
    return {**links, **devices, **loops, **pdus, **outlets}


def changed(before: SitePlan, after: SitePlan) -> dict[object, object]:
    """Return what of the first plan the second has otherwise, or not at all."""
    old, new = standing(before), standing(after)
    return {key: new.get(key) for key in old if new.get(key) != old[key]}
