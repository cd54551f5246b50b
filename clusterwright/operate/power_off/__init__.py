"""Everything down at once, in the plan's order: for water on the floor, not for maintenance.

order   what goes down, group after group, and what is left on
run     through BMCs first, then at the outlets
"""

from clusterwright.operate.power_off.order import Order, Step, Target, order_of
from clusterwright.operate.power_off.run import Done, power_off

__all__ = ["Done", "Order", "Step", "Target", "order_of", "power_off"]
