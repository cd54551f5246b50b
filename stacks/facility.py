"""The facility layer: rack power, coolant loops, and the nodes that depend on both.

Controllers come before what they control, each after what gives it power.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from clusterwright.design.plan import CoolingLoop, Node, Pdu, ServiceState, SitePlan
from clusterwright.provider import resources
from stacks.controllers import Controllers
from stacks.firmware import Updated, declare_firmware
from stacks.nodes import declare_node


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """What the layers above depend on: each node's resource by the node's name.

    Hosts wait for all that is `ready` of their node, its firmware included.
    """

    nodes: Mapping[str, pulumi.Resource]
    ready: Mapping[str, Sequence[pulumi.Resource]]


def declare_facility(plan: SitePlan) -> Facility:
    """Declare every PDU, coolant loop and node."""
    controllers = Controllers(plan)
    power = {pdu.name: _rack_power(pdu, plan, controllers) for pdu in plan.pdus}
    loops = {loop.name: _cooling_loop(loop, plan, controllers) for loop in plan.loops}
    for shelf in plan.power_shelves:
        controllers.declare(shelf.controller, shelf.name)
    _firmware(plan, {**power, **loops})
    ready = {
        node.name: declare_node(node, plan, controllers, _needs(node, plan, power, loops))
        for node in plan.nodes
    }
    return Facility(nodes={name: own[0] for name, own in ready.items()}, ready=ready)


def _firmware(plan: SitePlan, devices: Mapping[str, pulumi.Resource]) -> None:
    """Declare the baselines of PDUs and CDUs."""
    pdus = ((pdu.name, pdu.model, pdu.controller, (pdu.rack,)) for pdu in plan.pdus)
    loops = ((one.name, one.cdu_model, one.controller, one.racks) for one in plan.loops)
    for name, model, controller, racks in (*pdus, *loops):
        device = Updated(
            name=name,
            model=model,
            controller=controller,
            in_service=_in_service(plan, racks),
        )
        declare_firmware(device, plan, [devices[name]])


def _rack_power(pdu: Pdu, plan: SitePlan, controllers: Controllers) -> resources.RackPower:
    return resources.RackPower(
        pdu.name,
        address=str(pdu.controller.address),
        secret=pdu.controller.secret,
        outlets={str(outlet.number): "On" for outlet in pdu.outlets},
        in_service=_in_service(plan, (pdu.rack,)),
        allow=_allowed(plan),
        opts=pulumi.ResourceOptions(depends_on=controllers.declare(pdu.controller, pdu.name)),
    )


def _cooling_loop(
    loop: CoolingLoop, plan: SitePlan, controllers: Controllers
) -> resources.CoolingLoop:
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
        opts=pulumi.ResourceOptions(depends_on=controllers.declare(loop.controller, loop.cdu)),
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
