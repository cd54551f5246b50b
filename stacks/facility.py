"""The facility layer: rack power, coolant loops, and the nodes that depend on both."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from clusterwright.design.plan import Node, ServiceState, SitePlan
from clusterwright.provider import resources
from stacks.cooling import declare_leak_policies, declare_loops
from stacks.power import declare_pdus, declare_shelves


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """What the layers above depend on: each node's resource by the node's name."""

    nodes: Mapping[str, resources.Node]


def declare_facility(plan: SitePlan) -> Facility:
    """Declare every PDU, power shelf, coolant loop and node."""
    busy = {n.name for n in plan.nodes if n.service_state is ServiceState.IN_SERVICE}
    power = declare_pdus(plan, busy)
    declare_shelves(plan, busy)
    loops = declare_loops(plan, busy)
    nodes = {node.name: _node(node, plan, _needs(node, plan, power, loops)) for node in plan.nodes}
    declare_leak_policies(plan, {**nodes, **{loop.cdu: loops[loop.name] for loop in plan.loops}})
    return Facility(nodes=nodes)


def _node(node: Node, plan: SitePlan, needs: list[pulumi.Resource]) -> resources.Node:
    boot = node.boot
    return resources.Node(
        node.name,
        address=str(node.controller.address),
        secret=node.controller.secret,
        power_state="On",
        boot={"target": boot.target, "enabled": boot.enabled, "mode": boot.mode},
        bios={attribute.name: attribute.value for attribute in node.bios},
        in_service=node.service_state is ServiceState.IN_SERVICE,
        allow=_allowed(plan),
        opts=pulumi.ResourceOptions(depends_on=needs),
    )


def _needs(
    node: Node,
    plan: SitePlan,
    power: Mapping[str, pulumi.Resource],
    loops: Mapping[str, pulumi.Resource],
) -> list[pulumi.Resource]:
    """Return what must hold before the node is touched: its PDUs and its rack's loops."""
    pdus = sorted({supply.pdu for supply in node.power_supplies})
    cooled_by = [loop.name for loop in plan.loops if node.mount.rack in loop.racks]
    return [*(power[name] for name in pdus), *(loops[name] for name in cooled_by)]


def _allowed(plan: SitePlan) -> list[str]:
    return sorted(plan.maintenance.allow)
