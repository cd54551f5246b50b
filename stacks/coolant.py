"""Whose coolant a server needs: it is not switched on where none of it flows."""

from collections.abc import Mapping
from typing import Any

from clusterwright.design.plan import CoolingLoop, SitePlan

Coolant = Mapping[str, Mapping[str, Any]]
"""The CDUs that cool one server, by their loops."""


def coolant_by_node(plan: SitePlan) -> Mapping[str, Coolant]:
    """Return what cools every node that needs coolant, by the node's name."""
    racks = {node.name: node.mount.rack for node in plan.nodes}
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for loop in plan.loops:
        for node in loop.cooled:
            found.setdefault(node, {})[loop.name] = _source(loop, racks[node])
    return found


def _source(loop: CoolingLoop, rack: str) -> Mapping[str, Any]:
    return {
        "address": str(loop.controller.address),
        "secret": loop.controller.secret,
        "valves": [loop.name, rack],
        **({"leastPumps": loop.pumps.needed} if loop.pumps and loop.pumps.needed else {}),
    }
