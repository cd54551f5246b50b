"""From heat to coolant and air.

duty      what a circuit has to do, and what its CDUs can with one part lost
supply    how cold and how warm its supply may be
pumps     which pumps run, and whether that is enough
circuits  what keeps a circuit from working
reach     who needs coolant, and whether it reaches them; tanks
air       what no coolant takes
balance   how much of all that is used
proof     what of it is not known
borne     how weak a loop may become without harm
coolants  what flows in each circuit
loops     CDUs and set points, as the plan has them
"""

from clusterwright.design.cooling.coolants import plan_coolants
from clusterwright.design.cooling.cooled import Cooled, gather_all
from clusterwright.design.cooling.loops import plan_loops

__all__ = ["Cooled", "gather_all", "plan_coolants", "plan_loops"]
