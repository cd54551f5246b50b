"""From feeds to power supplies.

feeding        what feeds the racks of each group
plugging       which supply hangs on which outlet; outlets which of a bank are free
loads          what flows with each feed gone
currents       the lines of three phases
readings       how full outlets, branches, phases and PDUs are
circuit        all of that, rack by rack
room           where else devices could stand
limits         what is broken: keeping, and rack_, busbar_ and feed_limits
blame          how many fewer devices would do
replacement    which other PDUs would do
way            these, another rack, or both with fewer nodes
feed_balance   what each feed gives
balance        how much of each limit is used
inrush         the steps in which outlets come on
start_up       when each outlet comes on
cords          cords, PDUs and shelves as the plan has them
"""

from clusterwright.design.power.balance import find_usages
from clusterwright.design.power.circuit import Circuits, lay_out
from clusterwright.design.power.cords import (
    Cords,
    NamedPdu,
    name_pdus,
    plan_pdus,
    plan_shelves,
    plug_in,
)
from clusterwright.design.power.feed_balance import balance_feeds
from clusterwright.design.power.feeding import power_devices, shelf_name
from clusterwright.design.power.limits import find_problems
from clusterwright.design.power.loads import needed_of
from clusterwright.design.power.room import Room, rooms_of
from clusterwright.design.power.start_up import stagger
from clusterwright.design.power.unproven import find_unproven

__all__ = [
    "Circuits",
    "Cords",
    "NamedPdu",
    "Room",
    "balance_feeds",
    "find_problems",
    "find_unproven",
    "find_usages",
    "lay_out",
    "name_pdus",
    "needed_of",
    "plan_pdus",
    "plan_shelves",
    "plug_in",
    "power_devices",
    "rooms_of",
    "shelf_name",
    "stagger",
]
