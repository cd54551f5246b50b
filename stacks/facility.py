"""The facility layer: rack power, coolant loops, and the nodes that depend on both."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from clusterwright.design.plan import CoolingLoop, Node, Pdu, ServiceState, SitePlan
from clusterwright.provider import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """What the layers above depend on: each node's resource by the node's name."""

    nodes: Mapping[str, resources.Node]


def declare_facility(plan: SitePlan) -> Facility:
    """Declare every PDU, coolant loop and node."""
    power = {pdu.name: _rack_power(pdu, plan) for pdu in plan.pdus}
    loops = {loop.name: _cooling_loop(loop, plan) for loop in plan.loops}
    return Facility(
        nodes={
            node.name: _node(node, plan, _needs(node, plan, power, loops)) for node in plan.nodes
        }
    )


def _rack_power(pdu: Pdu, plan: SitePlan) -> resources.RackPower:
    return resources.RackPower(
        pdu.name,
        address=str(pdu.controller.address),
        secret=pdu.controller.secret,
        outlets={str(outlet.number): "On" for outlet in pdu.outlets},
        in_service=_in_service(plan, (pdu.rack,)),
        allow=_allowed(plan),
    )


def _cooling_loop(loop: CoolingLoop, plan: SitePlan) -> resources.CoolingLoop:
    return resources.CoolingLoop(
        loop.name,
        address=str(loop.controller.address),
        secret=loop.controller.secret,
        supply_temperature_c=loop.supply_temperature_c,
        differential_pressure_kpa=loop.differential_pressure_kpa,
        flow_lpm=loop.flow_lpm,
        control_mode=loop.control_mode,
        in_service=_in_service(plan, loop.racks),
        allow=_allowed(plan),
    )


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


def _in_service(plan: SitePlan, racks: tuple[str, ...]) -> bool:
    return any(
        node.service_state is ServiceState.IN_SERVICE
        for node in plan.nodes
        if node.mount.rack in racks
    )


def _allowed(plan: SitePlan) -> list[str]:
    return sorted(plan.maintenance.allow)
