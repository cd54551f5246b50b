"""From feeds to power supplies.

cords    which supply hangs on which outlet
limits   what racks, outlets and feeds can carry
balance  how much of that is used
"""

from clusterwright.design.power.balance import find_usages
from clusterwright.design.power.cords import Cords, pdu_name, plug_in
from clusterwright.design.power.limits import find_problems

__all__ = ["Cords", "find_problems", "find_usages", "pdu_name", "plug_in"]
