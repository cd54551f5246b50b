"""From heat to coolant and air.

loops    loops and their CDUs
limits   what CDUs can take and hold
balance  how much of that is used
"""

from clusterwright.design.cooling.balance import find_usages
from clusterwright.design.cooling.limits import find_problems
from clusterwright.design.cooling.loops import plan_loops

__all__ = ["find_problems", "find_usages", "plan_loops"]
