"""Every network of a site beside its Clos fabrics, and all of them together.

place          switches before they are mounted
switch_ports   which ports of an Ethernet switch are for hosts, which for other switches
pairs          the in-band network in plain numbers
inband         who is on it, and its switches; inband_joints what it joins
controllers    every port for management, rack by rack
shares         which racks share management switches; served who has which of their ports
oob            the management switches; oob_joints what they join
nvlink         which nodes NVLink joins
networks       all networks together
problems       what keeps them from being built; inband_ and oob_problems have their share
"""

from clusterwright.design.networks.networks import (
    Networks,
    list_all_joints,
    list_joints_to_come,
    plan_networks,
)
from clusterwright.design.networks.nvlink import plan_domains
from clusterwright.design.networks.place import SwitchPlace
from clusterwright.design.networks.problems import find_problems, problems_by_network
from clusterwright.design.networks.usage import find_unproven, find_usages

__all__ = [
    "Networks",
    "SwitchPlace",
    "find_problems",
    "find_unproven",
    "find_usages",
    "list_all_joints",
    "list_joints_to_come",
    "plan_domains",
    "plan_networks",
    "problems_by_network",
]
