"""Who takes which place of a row that two kinds of newcomers share.

Neither kind is announced, so no place can be kept for either: a management host or a storage server
comes when it is needed. They take every other place from the end of the row. One that has had all
of its own goes on with the other's, from where that one comes last. So neither moves the other, and
they meet only where the row is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The places of a row in the order in which each kind takes them, counted from its end."""

    hosts: Sequence[int]
    stores: Sequence[int]


def take_turns(room: int) -> Turns:
    """Return who takes what of a row with so many places left."""
    own, others = range(0, room, 2), range(1, room, 2)
    return Turns(hosts=(*own, *reversed(others)), stores=(*others, *reversed(own)))
