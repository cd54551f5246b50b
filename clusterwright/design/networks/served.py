"""Which racks share management switches, and which port of these is whose.

Racks are put together by what is sure to stand in them as built for. Management hosts and storage
servers come unannounced: they take what is left, so that they move no rack to another switch.

A rack that is bought whole brings switches of its own: they serve it, and no other rack.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clusterwright.catalogue.entry import Trays
from clusterwright.design.networks.controllers import Managed, RackPorts, ports_to_come
from clusterwright.design.networks.switch_ports import SwitchPorts, share_ports
from clusterwright.design.newcomers import MANAGEMENT_HOSTS, take_turns
from clusterwright.design.rack_system import tor_name
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
        return len(self.panel.down)

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
                number, switch = divmod(place, self.switches)
            else:
                switch, number = divmod(place, self.room)
            yield switch, number, port

    def _in_turn(self) -> Iterator[tuple[int, Managed]]:
        """Yield each port and its place among those of all switches."""
        whole = self.switches * self.room
        turns = take_turns(whole - len(self.fixed), MANAGEMENT_HOSTS)
        yield from enumerate(self.fixed)
        for order, ports in ((turns.hosts, self.hosts), (turns.stores, self.stores)):
            for place, port in zip(order, ports, strict=False):
                yield whole - 1 - place, port


def serve(
    loaded: LoadedSite, by_rack: Mapping[str, RackPorts], model: str, uplinks: int
) -> Iterator[Served]:
    """Yield racks in order, as many to a switch of the model as have room, or as asked."""
    defined = loaded.site.fabrics.oob
    panel = share_ports(loaded.catalogue.switches[model], split=1, up=uplinks)
    room = max(1, len(panel.down))
    for racks, own in _runs(loaded, by_rack):
        if own:
            its_panel = share_ports(loaded.catalogue.switches[own.model], split=1, up=uplinks)
            for rack in racks:
                one = _served([rack], len(its_panel.down), own.model, its_panel)
                yield replace(one, switches=own.count, built_in=True)
            continue
        for inside in _shares(racks, room - defined.reserved_ports, defined.racks_per_switch):
            yield _served(inside, room, model, panel)


Run = list[tuple[str, RackPorts]]
"""Racks in a row that may share switches; the name of one to come is empty."""


def _runs(
    loaded: LoadedSite, by_rack: Mapping[str, RackPorts]
) -> Iterator[tuple[Run, Trays | None]]:
    """Yield racks in order, as long as each stands in the row of the one before, or beside it.

    A group that racks are to come to shares no switch with the next, nor does one whose racks bring
    their own, which are yielded with it.
    """
    rows = loaded.site.facility.floor.rows
    row_of = {rack: ordinal for ordinal, row in enumerate(rows) for rack in row.racks}
    run: Run = []
    for group in loaded.site.facility.racks:
        system = loaded.catalogue.rack_systems.get(group.system or "")
        own = system.management_switches if system else None
        if run and own:
            yield run, None
            run = []
        for rack in group.names:
            if run and not own and abs(row_of.get(rack, 0) - row_of.get(run[-1][0], 0)) > 1:
                yield run, None
                run = []
            run.append((rack, by_rack[rack]))
        if group.build_for or own:
            to_come = [("", ports_to_come(loaded, group))] * (group.places - len(group.names))
            yield run + to_come, own
            run = []
    if run:
        yield run, None


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


def _served(racks: Run, room: int, model: str, panel: SwitchPorts) -> Served:
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
        model=model,
        panel=panel,
    )


def _in_order(ports: Sequence[Managed]) -> tuple[Managed, ...]:
    """Return ports in the order of the definition, whichever rack they are in."""
    return tuple(sorted(ports, key=lambda port: port.ordinal))
