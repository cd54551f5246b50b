"""Which racks share management switches: in order, as many as have room.

Racks are put together by what is sure to stand in them as built for. Where more racks may follow,
none joins a switch whose ports newcomers have taken; a group of racks with a `build_for` says that
none do, and then newcomers move no rack to another switch. A rack that is bought whole brings
switches of its own: they serve it, and no other rack.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from clusterwright.catalogue.entry import Trays
from clusterwright.design.networks.controllers import Managed, RackPorts, ports_to_come
from clusterwright.design.networks.served import Served
from clusterwright.design.networks.switch_ports import SwitchPorts, share_ports
from clusterwright.load import LoadedSite
from clusterwright.model.ethernet import OobNetwork


def serve(
    loaded: LoadedSite, by_rack: Mapping[str, RackPorts], model: str, uplinks: int
) -> Iterator[Served]:
    """Yield racks in order, as many to a switch of the model as have room, or as asked."""
    defined = loaded.site.fabrics.oob
    panel = share_ports(loaded.catalogue.switches[model], split=1, up=uplinks)
    room = max(1, len(panel.down))
    for racks, own, whole in _runs(loaded, by_rack):
        if own:
            its_panel = share_ports(loaded.catalogue.switches[own.model], split=1, up=uplinks)
            for rack in racks:
                one = _served([rack], len(its_panel.down), own.model, its_panel)
                yield replace(one, own=own.count, built_in=True)
            continue
        for inside in _shares(racks, defined, room, whole=whole):
            yield _served(inside, room, model, panel)


Run = list[tuple[str, RackPorts]]
"""Racks in a row that may share switches; the name of one to come is empty."""


def _runs(
    loaded: LoadedSite, by_rack: Mapping[str, RackPorts]
) -> Iterator[tuple[Run, Trays | None, bool]]:
    """Yield racks in order, as long as each stands in the row of the one before, or beside it.

    A group that racks are to come to shares no switch with the next, nor does one whose racks bring
    their own, which are yielded with it; and whether a run is known to be whole.
    """
    rows = loaded.site.facility.floor.rows
    row_of = {rack: ordinal for ordinal, row in enumerate(rows) for rack in row.racks}
    run: Run = []
    for group in loaded.site.facility.racks:
        system = loaded.catalogue.rack_systems.get(group.system or "")
        own = system.management_switches if system else None
        if run and own:
            yield run, None, False
            run = []
        for rack in group.names:
            if run and not own and abs(row_of.get(rack, 0) - row_of.get(run[-1][0], 0)) > 1:
                yield run, None, False
                run = []
            run.append((rack, by_rack[rack]))
        if group.build_for or own:
            to_come = [("", ports_to_come(loaded, group))] * (group.places - len(group.names))
            yield run + to_come, own, group.build_for is not None
            run = []
    if run:
        yield run, None, False


def _shares(racks: Run, asked: OobNetwork, room: int, *, whole: bool) -> Iterator[Run]:
    """Yield racks that share a switch; newcomers to the last of them may find none free.

    In a run that is whole, those before may not either: no rack makes way for them.
    """
    inside: Run = []
    for rack in racks:
        fixed = sum(len(ports.fixed) for _, ports in [*inside, rack])
        came = sum(len(ports.hosts) + len(ports.stores) for _, ports in inside)
        full = fixed + max(asked.reserved_ports, 0 if whole else came) > room
        if asked.racks_per_switch:
            full = len(inside) == asked.racks_per_switch
        if inside and full:
            yield inside
            inside = []
        inside.append(rack)
    yield inside


def _served(racks: Run, room: int, model: str, panel: SwitchPorts) -> Served:
    """One rack with more ports than a switch has gets several, and so do newcomers."""
    ports = [ports for _, ports in racks]
    fixed = tuple(port for one in ports for port in one.fixed)
    by_rack = [len(one.fixed) + len(one.hosts) + len(one.stores) for one in ports]
    return Served(
        rack=racks[0][0],
        racks=tuple(name for name, _ in racks if name),
        fixed=fixed,
        hosts=_in_order([port for one in ports for port in one.hosts]),
        stores=_in_order([port for one in ports for port in one.stores]),
        by_rack=tuple(by_rack),
        own=max(1, -(-len(fixed) // room)),
        model=model,
        panel=panel,
    )


def _in_order(ports: Sequence[Managed]) -> tuple[Managed, ...]:
    """Return ports in the order of the definition, whichever rack they are in."""
    return tuple(sorted(ports, key=lambda port: port.ordinal))
