"""The emulated facility: BMCs, CDUs and PDUs that answer Redfish and keep their state.

    serve       one TLS listener per controller, faults of the connection
    site        the devices of a plan and what couples them
    bmc, cdu, pdu   one device kind each
    wire, tree, writing, sessions, tasks, controller, metadata   what every controller shares

Powering a node on boots its host, powering it off stops it. A node that has line input at fewer
supplies than it needs goes down; it comes back by itself only where its power restore policy says
so (LastState, which a new server has, restores a node that was on). BMCs, CDUs and PDUs themselves
hang on a supply of their own and answer always.
"""

from clusterwright.lab.facility.node_power import HostPower
from clusterwright.lab.facility.serve import FAULTS, Facility, serve_facility

__all__ = ["FAULTS", "Facility", "HostPower", "serve_facility"]
