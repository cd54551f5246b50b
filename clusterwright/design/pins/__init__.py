"""Names and addresses that the definition chooses in place of those by rule.

names      what keeps a name from being chosen
addresses  the same of addresses
rename     a plan under the names chosen
"""

from clusterwright.design.pins.problems import find_problems
from clusterwright.design.pins.rename import rename

__all__ = ["find_problems", "rename"]
