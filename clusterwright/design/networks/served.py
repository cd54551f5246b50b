"""Which port of the management switches of a few racks is whose.

What is sure to stand in the racks as built for has its ports from the first one up. Management
hosts and storage servers come unannounced: they take what is left, and when nothing is left, a
further switch is added for those who come.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clusterwright.design.networks.controllers import Managed
from clusterwright.design.networks.switch_ports import SwitchPorts
from clusterwright.design.newcomers import MANAGEMENT_HOSTS, take_turns
from clusterwright.design.rack_system import tor_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Racks in a row and the ports in them.

    `rack` gives the switch its name and place; empty where all racks are yet to come.
    """

    rack: str
    racks: tuple[str, ...]
    fixed: tuple[Managed, ...]
    hosts: tuple[Managed, ...]
    stores: tuple[Managed, ...]
    own: int
    """Switches for what stands in these racks as built for."""
    by_rack: tuple[int, ...]
    """Ports of each rack, those to come included."""
    model: str
    panel: SwitchPorts
    """The ports of one of its switches."""
    built_in: bool = False
    """Whether the switches come with the rack."""

    @property
    def ports(self) -> int:
        return len(self.fixed) + len(self.hosts) + len(self.stores)

    @property
    def room(self) -> int:
        """Ports of one of its switches."""
        return max(1, len(self.panel.down))

    @property
    def added(self) -> int:
        """Switches for newcomers that found no port; whatever comes with a rack is all there is."""
        last = max((place for place, _ in self._in_turn()), default=0)
        return 0 if self.built_in else max(0, last // self.room + 1 - self.own)

    @property
    def switches(self) -> int:
        return self.own + self.added

    @property
    def names(self) -> tuple[str, ...]:
        if self.built_in:
            return tuple(tor_name(self.rack, k) for k in range(self.switches))
        return tuple(
            f"{self.rack}-oob{number if number > 1 else ''}"
            for number in range(1, self.switches + 1)
        )

    def places(self) -> Iterator[tuple[int, int, Managed]]:
        """Yield each port with its switch and the port there, both from 0."""
        for place, port in self._in_turn():
            if self.built_in:
                number, switch = divmod(place, self.own)
            else:
                switch, number = divmod(place, self.room)
            yield switch, number, port

    def _in_turn(self) -> Iterator[tuple[int, Managed]]:
        """Yield each port and its place among those of all switches."""
        whole = self.own * self.room
        left = max(0, whole - len(self.fixed))
        turns = take_turns(left, MANAGEMENT_HOSTS)
        theirs = {place: k for k, place in enumerate(turns.hosts[: len(self.hosts)])}
        yield from enumerate(self.fixed)
        for k, port in enumerate(self.hosts):
            yield (whole - 1 - turns.hosts[k] if k < left else whole + 2 * (k - left)), port
        for k, port in enumerate(self.stores):
            if k >= left:
                yield whole + _beyond(k - left), port
            elif turns.stores[k] in theirs:
                yield whole + _displaced(theirs[turns.stores[k]]), port
            else:
                yield whole - 1 - turns.stores[k], port


def _beyond(ordinal: int) -> int:
    """Return a place on added switches: every other one as long as hosts may come, then all."""
    return 2 * ordinal + 1 if ordinal < MANAGEMENT_HOSTS else ordinal + MANAGEMENT_HOSTS


def _displaced(host: int) -> int:
    """Return the place there of who was where this host is now: one that hosts leave free."""
    return 2 * max(0, MANAGEMENT_HOSTS - 1 - host)
