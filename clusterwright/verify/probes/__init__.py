"""What is checked of each kind of device, sentence by sentence.

probe     what a check is
nodes     servers, through their BMCs
loops     CDUs
pdus      rack PDUs
shelves   power shelves
"""

from clusterwright.verify.probes.loops import loop_device
from clusterwright.verify.probes.nodes import board_device, node_device
from clusterwright.verify.probes.pdus import pdu_device
from clusterwright.verify.probes.probe import Device, Probe
from clusterwright.verify.probes.shelves import shelf_device

__all__ = [
    "Device",
    "Probe",
    "board_device",
    "loop_device",
    "node_device",
    "pdu_device",
    "shelf_device",
]
