"""From what is to be joined to pieces of cable with a length.

joint    what a fabric wants joined
socket   the cages of devices, and which port is in which
route    the way along racks and trays
run      a joint with the length that it takes
fit      whether a cable joins two cages, with which transceivers, how far
piece    which links one piece of cable carries
choose   the cable, where the definition leaves it open
cage     what is plugged into each cage
tally    runs that are alike, for sentences that say a thing once
means    what can be changed where cables do not reach
problems what does not go together; reach and proof have their share
lay      all of it, in order
"""

from clusterwright.design.cabling.joint import Joint
from clusterwright.design.cabling.lay import Cabling, lay_cables
from clusterwright.design.cabling.means import Means

__all__ = ["Cabling", "Joint", "Means", "lay_cables"]
