"""Which racks share management switches, and which port of these is whose.

Racks are put together by what is sure to stand in them as built for. Management hosts and storage
servers come unannounced: they take what is left, so that they move no rack to another switch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.networks.controllers import Managed, RackPorts, ports_to_come
from clusterwright.design.newcomers import MANAGEMENT_HOSTS, take_turns
from clusterwright.load import LoadedSite


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
    switches: int
    by_rack: tuple[int, ...]
    """Ports of each rack, those to come included."""

    @property
    def ports(self) -> int:
        return len(self.fixed) + len(self.hosts) + len(self.stores)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(
            f"{self.rack}-oob{number if number > 1 else ''}"
            for number in range(1, self.switches + 1)
        )

    def places(self, room: int) -> Iterator[tuple[int, Managed]]:
        """Yield each port and its place on the switches, which have `room` ports each."""
        whole = self.switches * room
        turns = take_turns(whole - len(self.fixed), MANAGEMENT_HOSTS)
        yield from enumerate(self.fixed)
        for order, ports in ((turns.hosts, self.hosts), (turns.stores, self.stores)):
            for place, port in zip(order, ports, strict=False):
                yield whole - 1 - place, port


def serve(loaded: LoadedSite, by_rack: Mapping[str, RackPorts], room: int) -> Iterator[Served]:
    """Yield racks in order, as many to a switch of so many ports as have room, or as asked."""
    defined = loaded.site.fabrics.oob
    left = room - defined.reserved_ports
    for racks in _runs(loaded, by_rack):
        for inside in _shares(racks, left, defined.racks_per_switch):
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


def _shares(racks: Run, room: int, per_switch: int | None) -> Iterator[Run]:
    """Yield racks that share a switch."""
    inside: Run = []
    for rack in racks:
        full = sum(len(ports.fixed) for _, ports in [*inside, rack]) > room
        if inside and (len(inside) == per_switch or (full and per_switch is None)):
            yield inside
            inside = []
        inside.append(rack)
    yield inside


def _served(racks: Run, room: int) -> Served:
    """One rack with more ports than a switch has gets several, and so do newcomers."""
    ports = [ports for _, ports in racks]
    by_rack = [len(one.fixed) + len(one.hosts) + len(one.stores) for one in ports]
    return Served(
        rack=racks[0][0],
        racks=tuple(name for name, _ in racks if name),
        fixed=tuple(port for one in ports for port in one.fixed),
        hosts=_in_order([port for one in ports for port in one.hosts]),
        stores=_in_order([port for one in ports for port in one.stores]),
        by_rack=tuple(by_rack),
        switches=max(1, -(-sum(by_rack) // room)),
    )


def _in_order(ports: Sequence[Managed]) -> tuple[Managed, ...]:
    """Return ports in the order of the definition, whichever rack they are in."""
    return tuple(sorted(ports, key=lambda port: port.ordinal))
