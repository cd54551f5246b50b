"""The facility layer: rack power, coolant loops, and the nodes that depend on both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from clusterwright.design.plan import Node, ServiceState, SitePlan
from stacks.controllers import Controllers
from stacks.coolant import Coolant, coolant_by_node
from stacks.cooling import declare_leak_policies, declare_loops
from stacks.firmware import declare_firmware_of_equipment
from stacks.nodes import Server, declare_node
from stacks.power import declare_pdus, declare_shelves


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """What the layers above depend on: each node's resource by the node's name.

    Hosts wait for all that is `ready` of their node, its firmware included.
    """

    nodes: Mapping[str, pulumi.Resource]
    ready: Mapping[str, Sequence[pulumi.Resource]]
    coolant: Mapping[str, Coolant]


def declare_facility(plan: SitePlan) -> Facility:
    """Declare every PDU, power shelf, coolant loop and node, each after its controller."""
    busy = {n.name for n in plan.nodes if n.service_state is ServiceState.IN_SERVICE}
    controllers = Controllers(plan)
    before = controllers.declare_equipment(plan)
    power = declare_pdus(plan, busy, before)
    shelves = declare_shelves(plan, busy, before)
    loops = declare_loops(plan, busy, before)
    cdus = {loop.cdu: loops[loop.name] for loop in plan.loops}
    declare_firmware_of_equipment(plan, busy, {**power, **cdus, **shelves})
    serials = {one.name: one.serial for one in plan.hardware}
    coolant = coolant_by_node(plan)
    ready = {
        node.name: declare_node(
            node,
            plan,
            controllers,
            _needs(node, plan, power, loops),
            Server(serial=serials.get(node.name), coolant=coolant.get(node.name, {})),
        )
        for node in plan.nodes
    }
    nodes = {name: own[0] for name, own in ready.items()}
    declare_leak_policies(plan, {**nodes, **cdus})
    return Facility(nodes=nodes, ready=ready, coolant=coolant)


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
