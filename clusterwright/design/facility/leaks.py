"""Which device reacts how to a leak."""

from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.design.plan import Controller, CoolingLoop, Node, ServiceState, SitePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakPolicy:
    """How one node or CDU must react, in Redfish's words, and for whom that matters now."""

    subject: str
    rack: str
    controller: Controller
    reaction: str
    delay_s: int
    in_service: bool


def leak_policies(plan: SitePlan) -> tuple[LeakPolicy, ...]:
    """Return every reaction that the plan declares, CDUs first, each device once."""
    nodes = {node.name: node for node in plan.nodes}
    found = {one.subject: one for one in _of_cdus(plan, nodes)}
    for loop in plan.loops:
        for one in _of_nodes(loop, nodes):
            found.setdefault(one.subject, one)
    return tuple(found.values())


def _of_cdus(plan: SitePlan, nodes: dict[str, Node]) -> Iterator[LeakPolicy]:
    for loop in plan.loops:
        if loop.leak.cdu:
            yield LeakPolicy(
                subject=loop.cdu,
                rack=loop.racks[0],
                controller=loop.controller,
                reaction=loop.leak.cdu,
                delay_s=loop.leak.delay_s,
                in_service=any(_in_service(nodes[name]) for name in loop.cooled),
            )


def _of_nodes(loop: CoolingLoop, nodes: dict[str, Node]) -> Iterator[LeakPolicy]:
    if not loop.leak.nodes:
        return
    for node in (nodes[name] for name in loop.cooled):
        if node.service_state is ServiceState.OUT:
            continue
        yield LeakPolicy(
            subject=node.name,
            rack=node.mount.rack,
            controller=node.controller,
            reaction=loop.leak.nodes,
            delay_s=loop.leak.delay_s,
            in_service=_in_service(node),
        )


def _in_service(node: Node) -> bool:
    return node.service_state is ServiceState.IN_SERVICE
