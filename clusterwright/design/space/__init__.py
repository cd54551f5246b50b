"""Where in its rack each device sits.

elevation  the rack units of each device
limits     what a rack can hold
balance    how much of that is used
"""

from clusterwright.design.space.balance import find_usages
from clusterwright.design.space.elevation import mount_all
from clusterwright.design.space.limits import find_problems

__all__ = ["find_problems", "find_usages", "mount_all"]
