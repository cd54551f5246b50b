"""Equipment that was taken out for good: what stays keeps its name, its place and its address."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from clusterwright.design.plan import ManagementHost, Node, SitePlan, StorageServer, Switch

Powered = TypeVar("Powered", Node, ManagementHost, StorageServer, Switch)


def without_gone(plan: SitePlan, holes: Collection[str]) -> SitePlan:
    """Return the plan without PDUs, CDUs and switches that are holes, and what led to them.

    Nodes that are holes never were in it. What is bought and how it was judged stays as designed.
    """
    gone = _gone(plan, holes)
    if not gone:
        return plan
    return replace(
        plan,
        nodes=_unplugged(plan.nodes, gone),
        management_hosts=_unplugged(plan.management_hosts, gone),
        storage_servers=_unplugged(plan.storage_servers, gone),
        switches=_unplugged([one for one in plan.switches if one.name not in gone], gone),
        links=tuple(link for link in plan.links if not {link.a.device, link.b.device} & gone),
        pdus=tuple(
            replace(pdu, outlets=tuple(out for out in pdu.outlets if out.consumer not in gone))
            for pdu in plan.pdus
            if pdu.name not in gone
        ),
        loops=tuple(loop for loop in plan.loops if loop.cdu not in gone),
        equipment=tuple(one for one in plan.equipment if one.name not in gone),
    )


def _gone(plan: SitePlan, holes: Collection[str]) -> frozenset[str]:
    if not holes:
        return frozenset()
    there = {one.name for group in (plan.pdus, plan.switches) for one in group}
    return frozenset(holes) & (there | {loop.cdu for loop in plan.loops})


def _unplugged(devices: Collection[Powered], gone: frozenset[str]) -> tuple[Powered, ...]:
    return tuple(
        replace(
            one, power_supplies=tuple(cord for cord in one.power_supplies if cord.pdu not in gone)
        )
        for one in devices
    )
