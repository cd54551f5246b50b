"""The parts of a prefix: each is filled from both ends, by one kind of device each.

So either kind can grow as long as there is room. In a prefix of several hundreds, no address ends
in .0 or .255: some clients take those for a network or a broadcast, whatever the prefix.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

BLOCK = 256
"""Addresses that differ in their last number alone."""

Places = Mapping[str, Sequence[str | None]]
"""Names by kind in the order in which they take addresses; None keeps one for what may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A part of a prefix, in 32nds of it, and the kinds that fill it from below and from above."""

    up: str
    down: str
    begin: int
    end: int

    def places(self, prefix: IPv4Network) -> range:
        """Return its places among all usable addresses of the prefix, in their order."""
        first, stop = (prefix.num_addresses * cut // 32 for cut in (self.begin, self.end))
        if prefix.num_addresses <= BLOCK:
            return range(max(first, 1) - 1, min(stop, prefix.num_addresses - 1) - 1)
        return range(_usable_before(first), _usable_before(stop))

    def taken(self, places: Places) -> int:
        """Return how many addresses both kinds take, those for what may come included."""
        return len(places[self.up]) + len(places.get(self.down, ()))


INBAND_ZONES = (Zone(up="hosts", down="storage servers", begin=0, end=32),)
BOARDS = "board controllers"
OOB_ZONES = (
    Zone(up="hosts", down="compute switches", begin=0, end=16),
    Zone(up="PDUs", down="oob switches", begin=16, end=28),
    Zone(up="storage servers", down="storage switches", begin=28, end=30),
    Zone(up="CDUs", down="inband switches", begin=30, end=32),
)

OOB_ZONES_WITH_BOARDS = (
    Zone(up="hosts", down="", begin=0, end=4),
    Zone(up=BOARDS, down="compute switches", begin=4, end=16),
    *OOB_ZONES[1:],
)
"""Nothing has another address than without; hosts only have less room."""


def oob_zones(places: Places) -> Sequence[Zone]:
    """Return the zones of the out-of-band prefix."""
    return OOB_ZONES_WITH_BOARDS if places[BOARDS] else OOB_ZONES


def number_all(
    prefix: IPv4Network, zones: Sequence[Zone], places: Places
) -> dict[str, IPv4Address]:
    """Return the address of each name."""
    numbered = {}
    for zone in zones:
        its_own = zone.places(prefix)
        for kind, start, step in (
            (zone.up, its_own.start, 1),
            (zone.down, its_own.stop - 1, -1),
        ):
            for n, name in enumerate(places.get(kind, ())):
                if name:
                    numbered[name] = _usable(prefix, start + step * n)
    return numbered


def _usable_before(number: int) -> int:
    """Return how many numbers below this one end neither in .0 nor in .255."""
    blocks, rest = divmod(number, BLOCK)
    return blocks * (BLOCK - 2) + max(0, rest - 1)


def _usable(prefix: IPv4Network, place: int) -> IPv4Address:
    """Return the usable address at a place: the first one, at 0, is the gateway's."""
    block, rest = divmod(place, BLOCK - 2)
    return IPv4Address(int(prefix.network_address) + block * BLOCK + rest + 1)
