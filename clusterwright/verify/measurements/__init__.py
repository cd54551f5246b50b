"""What devices measure: read only, and nothing that anybody declares.

node       a server's power
supplies   power supplies of servers, rectifiers of shelves
cdu        pumps, filters and readings of a CDU
leaks      detectors
pdu        outlets, branches and input of a rack PDU
"""

from clusterwright.verify.measurements.cdu import measured, tolerance_of
from clusterwright.verify.measurements.supplies import INPUT_NORMAL, line_inputs

__all__ = ["INPUT_NORMAL", "line_inputs", "measured", "tolerance_of"]
