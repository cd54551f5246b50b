"""How one scalable unit takes the ports of its leaves.

Nodes take them from the first port upwards, guests from the last one before the uplinks
downwards. Where both do not fit, guests displace the unit's last nodes: in a DGX SuperPOD, whose
leaves are full, UFM takes the place of a node.
"""

from dataclasses import dataclass

from clusterwright.design.fabric.ask import FabricAsk, UnitAsk
from clusterwright.design.fabric.guest_places import GuestPlaces, deal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLayout:
    """The leaves of a unit (per plane), and what their ports below are for.

    `downlinks` is the most that any of its leaves has; `guest_downlinks` of them are for guests,
    `counted` of them need ports above. `room` is how many nodes it can hold.
    """

    leaves: int
    ports_per_node: int
    """On one leaf."""
    nodes_per_leaf: int
    guest_downlinks: int
    downlinks: int
    counted: int
    room: int
    aligned: bool
    """Whether all ports of a node are on one leaf; else every leaf has ports of every node."""
    guests: GuestPlaces

    def node_port(self, index: int, rail: int) -> tuple[int, int]:
        """Return leaf (from 0) and port (from 1) of a rail, from 1, of node `index`, from 1."""
        if self.aligned:
            leaf, place = divmod(index - 1, self.nodes_per_leaf)
            return leaf, place * self.ports_per_node + rail
        leaf, place = divmod(rail - 1, self.ports_per_node)
        return leaf, (index - 1) * self.ports_per_node + place + 1

    def guest_port(self, ordinal: int, last: int) -> tuple[int, int]:
        """Return leaf (from 0) and first port of a guest's plug; `last` is the first to go."""
        leaf, depth = self.guests.places[ordinal]
        return leaf, last - depth


def lay_out(ask: FabricAsk, unit: UnitAsk) -> UnitLayout:
    """Return how `unit` takes its leaves; `problems` says whether that can be."""
    return _aligned(ask, unit) if ask.shape == "node-aligned" else _by_rail(ask, unit)


def _by_rail(ask: FabricAsk, unit: UnitAsk) -> UnitLayout:
    per_node = min(ask.rails_per_leaf, unit.rails)
    leaves = -(-unit.rails // per_node)
    nodes = unit.build_for * per_node
    spare = max(ask.reserved_leaf_ports, ask.most_downlinks - nodes)
    guests = deal(ask, unit.guests, leaves, spare)
    taken = max(ask.reserved_leaf_ports, guests.deepest)
    downlinks = max(1, min(ask.most_downlinks, nodes + taken))
    counted = nodes + max(ask.reserved_leaf_ports, guests.counted)
    return UnitLayout(
        leaves=leaves,
        ports_per_node=per_node,
        nodes_per_leaf=unit.build_for,
        guest_downlinks=taken,
        downlinks=downlinks,
        counted=max(1, min(downlinks, counted)),
        room=max(0, min(unit.build_for, (downlinks - taken) // per_node)),
        aligned=False,
        guests=guests,
    )


def _aligned(ask: FabricAsk, unit: UnitAsk) -> UnitLayout:
    """Give guests their ports first: nodes then fill as many leaves as that takes, in order."""
    most = ask.most_downlinks
    for kept in range(ask.reserved_leaf_ports, most - unit.rails + 1):
        nodes = min((most - kept) // unit.rails, ask.nodes_per_leaf or most)
        leaves = -(-unit.build_for // nodes)
        guests = deal(ask, unit.guests, leaves)
        if guests.deepest <= kept:
            return _aligned_layout(ask, unit, guests, nodes=nodes, kept=kept)
    return _aligned_layout(ask, unit, deal(ask, unit.guests, 1), nodes=0, kept=0)


def _aligned_layout(
    ask: FabricAsk, unit: UnitAsk, guests: GuestPlaces, *, nodes: int, kept: int
) -> UnitLayout:
    together = min(unit.build_for, ask.nodes_per_leaf or unit.build_for)
    downlinks = max(1, min(ask.most_downlinks, together * unit.rails + kept))
    return UnitLayout(
        leaves=-(-unit.build_for // nodes) if nodes else 1,
        ports_per_node=unit.rails,
        nodes_per_leaf=nodes,
        guest_downlinks=kept,
        downlinks=downlinks,
        counted=downlinks,
        room=unit.build_for if nodes else 0,
        aligned=True,
        guests=guests,
    )
