"""The compute fabric: sized, named, joined port by port; InfiniBand and Ethernet alike.

ask      what is wanted, in plain numbers
unit     the leaves of a scalable unit, and who has which of their ports
tree     how many spines and cores stand above the leaves
size     both together
switches the switches by name
wiring   the links between them
compute  from a definition to an ask, and from there to what is joined
problems what keeps a fabric from being built; unit_problems and link_problems have their share
"""

from clusterwright.design.fabric.compute import ask_of, list_joints
from clusterwright.design.fabric.node_ports import plane_ports
from clusterwright.design.fabric.problems import find_problems
from clusterwright.design.fabric.size import FabricSize, size_fabric
from clusterwright.design.fabric.switches import SwitchRole, list_places

__all__ = [
    "FabricSize",
    "SwitchRole",
    "ask_of",
    "find_problems",
    "list_joints",
    "list_places",
    "plane_ports",
    "size_fabric",
]
