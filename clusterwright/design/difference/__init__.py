"""From one plan to another: what to buy, pull and move, and in which order.

device     what stands where, and what is the same under another name
piece      cables with all their legs
cable      which of them are pulled, removed, moved
fact       settings that change on what stays
purchase   the difference between the bills
order      the steps; step, choice, wires, ground and places are its parts
compare    all of it together
renumbered what a definition could say so that nodes keep their numbers
"""

from clusterwright.design.difference.cable import CableMove
from clusterwright.design.difference.compare import KEEP, Difference, compare
from clusterwright.design.difference.device import Device, DeviceMove
from clusterwright.design.difference.fact import Setting
from clusterwright.design.difference.piece import Piece
from clusterwright.design.difference.purchase import Purchase
from clusterwright.design.difference.renumbered import find_renumbered
from clusterwright.design.difference.step import Step

__all__ = [
    "KEEP",
    "CableMove",
    "Device",
    "DeviceMove",
    "Difference",
    "Piece",
    "Purchase",
    "Setting",
    "Step",
    "compare",
    "find_renumbered",
]
