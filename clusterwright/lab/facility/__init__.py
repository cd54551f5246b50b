"""The emulated facility: BMCs, CDUs, PDUs and power shelves, with Redfish and a memory.

    serve       every controller at its address
    board, listener   connections: one socket for each address, or one for thousands
    site        the devices of a plan and what couples them
    bmc, cdu, pdu, shelf   one device kind each, with the modules that carry its name
    wire, tree, service and what they name   what every controller shares
    faults      what can be wrong, by name

Powering a node on boots its host, powering it off stops it. A node that has line input at fewer
supplies than it needs goes down; it comes back by itself only where its power restore policy says
so (LastState, which a new server has, restores a node that was on). BMCs, CDUs and PDUs themselves
hang on a supply of their own and answer always. Temperatures follow what cools a node with a delay;
a node warns, throttles and shuts down by itself.
"""

from clusterwright.lab.facility.faults import FAULTS
from clusterwright.lab.facility.node_host import HostPower
from clusterwright.lab.facility.serve import Facility, serve_facility

__all__ = ["FAULTS", "Facility", "HostPower", "serve_facility"]
