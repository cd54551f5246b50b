"""Where in its rack each device sits, and what racks and the floor bear.

elevation  the rack units of each device
pins       rack units chosen by hand
suits      devices that do not suit their rack
weight     kilograms
sharing    groups that would move others when they grow
limits     what a rack can hold
larger     the cabinet that would hold it all
balance    how much of that is used
proof      what of it is not known
cabinets   racks, as the plan has them
equipment  what is no host, switch or PDU
"""

from clusterwright.design.space.balance import find_usages
from clusterwright.design.space.cabinets import plan_racks
from clusterwright.design.space.elevation import elevate
from clusterwright.design.space.equipment import plan_equipment
from clusterwright.design.space.limits import find_problems
from clusterwright.design.space.proof import find_unproven
from clusterwright.design.space.weight import bearing

__all__ = [
    "bearing",
    "elevate",
    "find_problems",
    "find_unproven",
    "find_usages",
    "plan_equipment",
    "plan_racks",
]
