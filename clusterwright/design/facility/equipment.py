"""What has firmware besides servers, and which nodes depend on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.design.plan import Controller, SitePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """A PDU, CDU or power shelf; `nodes` lose power or coolant with it."""

    name: str
    model: str
    controller: Controller
    nodes: frozenset[str]


def list_equipment(plan: SitePlan) -> Iterator[Equipment]:
    """Yield every PDU, CDU and power shelf of a plan."""
    for pdu in plan.pdus:
        fed = frozenset(outlet.consumer for outlet in pdu.outlets)
        yield Equipment(name=pdu.name, model=pdu.model, controller=pdu.controller, nodes=fed)
    for loop in plan.loops:
        yield Equipment(
            name=loop.cdu,
            model=loop.cdu_model,
            controller=loop.controller,
            nodes=frozenset(loop.cooled),
        )
    in_racks: dict[str, set[str]] = {}
    for node in plan.nodes:
        in_racks.setdefault(node.mount.rack, set()).add(node.name)
    for shelf in plan.power_shelves:
        nodes = frozenset(in_racks.get(shelf.mount.rack, ()))
        yield Equipment(
            name=shelf.name, model=shelf.model, controller=shelf.controller, nodes=nodes
        )
