"""The Clos fabrics, compute and storage: sized, named, joined port by port.

ask      what is wanted, in plain numbers
unit     the leaves of a scalable unit, and who has which of their ports
pool     the leaves that storage servers have for themselves
tree     how many spines and cores stand above the leaves
size     all of them together
switches the switches by name
wiring   the links of nodes, guests and storage, and between switches
trunks   the latter, whatever switches are called; in band, too
clos     from a definition to an ask and its size
joints   from there to what is joined, now and once all that is built for is there
open_cages who shares a cage with somebody whose place nobody knows yet
problems what keeps a fabric from being built; unit_, link_ and pool_problems have their share
"""

from clusterwright.design.fabric.clos import Clos, compute_fabric, storage_fabric
from clusterwright.design.fabric.joints import list_joints, list_joints_to_come
from clusterwright.design.fabric.node_ports import plane_ports
from clusterwright.design.fabric.node_speeds import unproven_speeds
from clusterwright.design.fabric.open_cages import find_open
from clusterwright.design.fabric.problems import find_problems
from clusterwright.design.fabric.size import FabricSize, size_fabric
from clusterwright.design.fabric.switches import SwitchRole, list_places, list_tiers, place_name

__all__ = [
    "Clos",
    "FabricSize",
    "SwitchRole",
    "compute_fabric",
    "find_open",
    "find_problems",
    "list_joints",
    "list_joints_to_come",
    "list_places",
    "list_tiers",
    "place_name",
    "plane_ports",
    "size_fabric",
    "storage_fabric",
    "unproven_speeds",
]
