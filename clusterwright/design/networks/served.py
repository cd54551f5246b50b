"""Which racks share management switches, and which port of these is whose.

Racks are put together by what is sure to stand in them as built for. Management hosts and storage
servers come unannounced: they take what is left. When nothing is left, a further switch is added
for those who come, and no rack joins.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.networks.controllers import Managed, RackPorts, ports_to_come
from clusterwright.design.newcomers import MANAGEMENT_HOSTS, take_turns
from clusterwright.load import LoadedSite
from clusterwright.model.ethernet import OobNetwork


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
    room: int
    """Ports of a switch."""
    by_rack: tuple[int, ...]
    """Ports of each rack, those to come included."""

    @property
    def ports(self) -> int:
        return len(self.fixed) + len(self.hosts) + len(self.stores)

    @property
    def switches(self) -> int:
        return self.own + self.added

    @property
    def own(self) -> int:
        """Switches for what stands in these racks as built for."""
        return max(1, -(-len(self.fixed) // self.room))

    @property
    def added(self) -> int:
        """Switches for newcomers that found no port."""
        last = max((place for place, _ in self.places()), default=0)
        return max(0, last // self.room + 1 - self.own)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(
            f"{self.rack}-oob{number if number > 1 else ''}"
            for number in range(1, self.switches + 1)
        )

    def places(self) -> Iterator[tuple[int, Managed]]:
        """Yield each port and its place, counted over all switches."""
        whole = self.own * self.room
        left = whole - len(self.fixed)
        turns = take_turns(left, MANAGEMENT_HOSTS)
        theirs = set(turns.hosts[: len(self.hosts)])
        free = [place for place in turns.stores if place not in theirs]
        yield from enumerate(self.fixed)
        for k, port in enumerate(self.hosts):
            yield (whole - 1 - turns.hosts[k] if k < left else whole + k - left), port
        for k, port in enumerate(self.stores):
            yield (
                (whole - 1 - free[k] if k < len(free) else whole + self._beyond(k - len(free))),
                port,
            )

    def _beyond(self, ordinal: int) -> int:
        """Return a place on added switches, from their last port down: hosts have their first."""
        switch, row = divmod(ordinal, max(1, self.room - MANAGEMENT_HOSTS))
        return switch * self.room + self.room - 1 - row


def serve(loaded: LoadedSite, by_rack: Mapping[str, RackPorts], room: int) -> Iterator[Served]:
    """Yield racks in order, as many to a switch of so many ports as have room, or as asked."""
    for racks in _runs(loaded, by_rack):
        for inside in _shares(racks, loaded.site.fabrics.oob, room):
            yield _served(inside, room)


Run = list[tuple[str, RackPorts]]
"""Racks in a row that may share switches; the name of one to come is empty."""


def _runs(loaded: LoadedSite, by_rack: Mapping[str, RackPorts]) -> Iterator[Run]:
    """Yield racks in order, as long as each stands in the row of the one before, or beside it.

    A group that racks are to come to shares no switch with the next.
    """
    rows = loaded.site.facility.floor.rows
    row_of = {rack: ordinal for ordinal, row in enumerate(rows) for rack in row.racks}
    run: Run = []
    for group in loaded.site.facility.racks:
        for rack in group.names:
            if run and abs(row_of.get(rack, 0) - row_of.get(run[-1][0], 0)) > 1:
                yield run
                run = []
            run.append((rack, by_rack[rack]))
        if group.build_for:
            to_come = [("", ports_to_come(loaded, group))] * (group.places - len(group.names))
            yield run + to_come
            run = []
    if run:
        yield run


def _shares(racks: Run, asked: OobNetwork, room: int) -> Iterator[Run]:
    """Yield racks that share a switch; newcomers to the last of them may find none free."""
    inside: Run = []
    for rack in racks:
        fixed = sum(len(ports.fixed) for _, ports in [*inside, rack])
        came = sum(len(ports.hosts) + len(ports.stores) for _, ports in inside)
        full = fixed + max(asked.reserved_ports, came) > room
        if asked.racks_per_switch:
            full = len(inside) == asked.racks_per_switch
        if inside and full:
            yield inside
            inside = []
        inside.append(rack)
    yield inside


def _served(racks: Run, room: int) -> Served:
    ports = [ports for _, ports in racks]
    by_rack = [len(one.fixed) + len(one.hosts) + len(one.stores) for one in ports]
    return Served(
        rack=racks[0][0],
        racks=tuple(name for name, _ in racks if name),
        fixed=tuple(port for one in ports for port in one.fixed),
        hosts=_in_order([port for one in ports for port in one.hosts]),
        stores=_in_order([port for one in ports for port in one.stores]),
        by_rack=tuple(by_rack),
        room=room,
    )


def _in_order(ports: Sequence[Managed]) -> tuple[Managed, ...]:
    """Return ports in the order of the definition, whichever rack they are in."""
    return tuple(sorted(ports, key=lambda port: port.ordinal))
