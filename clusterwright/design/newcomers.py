"""Who takes which place of a row that management hosts and storage servers share.

Neither is announced, so no place can be kept for one: it comes when it is needed. As long as hosts
may come, both take every other place from the end of the row; from there on, storage has all. Where
it finds no more, it takes what hosts have left over, the last of them first. So neither moves the
other: they meet only where the row is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MANAGEMENT_HOSTS = 9
"""As many as addresses are kept for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The places of a row in the order in which each kind takes them, counted from its end."""

    hosts: Sequence[int]
    stores: Sequence[int]


def take_turns(room: int, hosts: int) -> Turns:
    """Return who takes what of a row with so many places, where so many hosts may come."""
    shared = min(room, 2 * hosts)
    even, odd = range(0, shared, 2), range(1, shared, 2)
    return Turns(
        hosts=(*even, *range(room - 1, shared - 1, -1), *reversed(odd)),
        stores=(*odd, *range(shared, room), *reversed(even)),
    )
