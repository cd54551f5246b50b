"""What can be wrong with a facility, by name: one module for each family of faults."""

from collections.abc import Mapping

from clusterwright.lab.facility.faults import cabling, connection, cooling, power, protocol, server
from clusterwright.lab.facility.faults.fault import Fault, Undo

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for family in (connection, protocol, server, cooling, power, cabling)
    for fault in family.FAULTS
}

__all__ = ["FAULTS", "Fault", "Undo"]
