"""What may leave: a node, and the equipment that racks depend on."""

from dataclasses import dataclass
from ipaddress import IPv4Address

from clusterwright.design.plan import Controller, CoolingLoop, Node, Pdu, PowerSupply, SitePlan
from clusterwright.design.plan import Switch as PlannedSwitch

NODE, PDU, CDU, SWITCH = "node", "pdu", "cdu", "switch"
KINDS = (NODE, PDU, CDU, SWITCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departing:
    """One device: its controllers, the outlets that feed it, and what will be free again.

    `racks` are those that it stands in or cools.
    """

    name: str
    kind: str
    racks: tuple[str, ...]
    controllers: tuple[Controller, ...] = ()
    power_supplies: tuple[PowerSupply, ...] = ()
    addresses: tuple[IPv4Address, ...] = ()


def departing(plan: SitePlan, name: str) -> Departing:
    """Return the device of that name, which must be one of those that may leave."""
    found = (
        *(_node(one) for one in plan.nodes if one.name == name),
        *(_pdu(one) for one in plan.pdus if one.name == name),
        *(_cdu(one) for one in plan.loops if one.cdu == name),
        *(_switch(one) for one in plan.switches if one.name == name),
    )
    return found[0]


def _node(node: Node) -> Departing:
    controllers = (node.controller, *node.board_controllers)
    return Departing(
        name=node.name,
        kind=NODE,
        racks=(node.mount.rack,),
        controllers=controllers,
        power_supplies=node.power_supplies,
        addresses=(node.address, *(one.address for one in controllers)),
    )


def _pdu(pdu: Pdu) -> Departing:
    return Departing(
        name=pdu.name,
        kind=PDU,
        racks=(pdu.rack,),
        controllers=(pdu.controller,),
        addresses=(pdu.controller.address,),
    )


def _cdu(loop: CoolingLoop) -> Departing:
    return Departing(
        name=loop.cdu,
        kind=CDU,
        racks=loop.racks,
        controllers=(loop.controller,),
        addresses=(loop.controller.address,),
    )


def _switch(switch: PlannedSwitch) -> Departing:
    return Departing(
        name=switch.name,
        kind=SWITCH,
        racks=(switch.mount.rack,),
        power_supplies=switch.power_supplies,
        addresses=(switch.address,),
    )
