"""Views of a plan for whoever holds the facility to it.

consumers   what hangs on each PDU, and how many of its cords it needs
alarms      at which currents a PDU must warn
leaks       which device reacts how to a leak
equipment   what has firmware besides servers
"""

from clusterwright.design.facility.alarms import Alarms, alarms_of
from clusterwright.design.facility.consumers import PowerConsumer, consumers_by_pdu
from clusterwright.design.facility.equipment import Equipment, list_equipment
from clusterwright.design.facility.leaks import LeakPolicy, leak_policies

__all__ = [
    "Alarms",
    "Equipment",
    "LeakPolicy",
    "PowerConsumer",
    "alarms_of",
    "consumers_by_pdu",
    "leak_policies",
    "list_equipment",
]
