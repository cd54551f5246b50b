"""From what is to be joined to cables with a length.

joint   what a fabric wants joined
length  how long a cable must be
lay     the cables
"""

from clusterwright.design.cabling.joint import Joint
from clusterwright.design.cabling.lay import lay_cables

__all__ = ["Joint", "lay_cables"]
