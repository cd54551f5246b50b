"""The out-of-band network: which management switch serves which racks, and what it joins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.cabling import Joint
from clusterwright.design.networks.controllers import Managed, RackPorts, ports_to_come
from clusterwright.design.networks.inband import Inband, leaf_name, leaf_ports
from clusterwright.design.networks.place import SwitchPlace, dealt
from clusterwright.design.networks.speeds import carried_gbps, link_gbps
from clusterwright.design.networks.switch_ports import SwitchPorts, share_ports
from clusterwright.design.plan import LinkEnd
from clusterwright.design.seats import Seat
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import AUTO, CableChoice

AT: DefinitionPath = ("fabrics", "oob")
UPLINKS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Racks in a row and the ports in them, from the first port up and from the last one down.

    `rack` gives the switch its name and place; empty where all racks are yet to come.
    """

    rack: str
    racks: tuple[str, ...]
    fixed: tuple[Managed, ...]
    stores: tuple[Managed, ...]
    switches: int
    by_rack: tuple[int, ...]
    """Ports of each rack, those to come included."""

    @property
    def ports(self) -> int:
        return len(self.fixed) + len(self.stores)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(
            f"{self.rack}-oob{number if number > 1 else ''}"
            for number in range(1, self.switches + 1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Oob:
    """The network with the ports of one of its switches."""

    switch: str
    ports: SwitchPorts
    served: tuple[Served, ...]

    @property
    def switches(self) -> int:
        """As built for."""
        return sum(one.switches for one in self.served)


def oob_network(
    loaded: LoadedSite, seats: Sequence[Seat], by_rack: Mapping[str, RackPorts]
) -> Oob | None:
    """Return the network, if its switches are planned: racks in order, as many as have room."""
    defined = loaded.site.fabrics.oob
    if defined.switch is None:
        return None
    ports = share_ports(loaded.catalogue.switches[defined.switch], split=1, up=UPLINKS)
    served: list[Served] = []
    for racks in _runs(loaded, seats, by_rack):
        served += _serve(racks, max(1, len(ports.down)), defined.racks_per_switch)
    return Oob(switch=defined.switch, ports=ports, served=tuple(served))


Run = list[tuple[str, RackPorts]]
"""Racks in a row that may share switches; the name of one to come is empty."""


def _runs(
    loaded: LoadedSite, seats: Sequence[Seat], by_rack: Mapping[str, RackPorts]
) -> Iterator[Run]:
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
        if to_come := group.places - len(group.names):
            yield run + [("", ports_to_come(loaded, group, seats))] * to_come
            run = []
    if run:
        yield run


def _serve(racks: Run, room: int, per_switch: int | None) -> Iterator[Served]:
    """Yield racks that share a switch; one with more ports than a switch has gets several."""
    inside: Run = []
    for rack in racks:
        full = sum(_count(ports) for _, ports in [*inside, rack]) > room
        if inside and (len(inside) == per_switch or (full and per_switch is None)):
            yield _served(inside, room)
            inside = []
        inside.append(rack)
    yield _served(inside, room)


def _count(ports: RackPorts) -> int:
    return len(ports.fixed) + len(ports.stores)


def _served(racks: Run, room: int) -> Served:
    fixed = tuple(port for _, ports in racks for port in ports.fixed)
    stores = sorted((p for _, ports in racks for p in ports.stores), key=lambda port: port.ordinal)
    return Served(
        rack=racks[0][0],
        racks=tuple(name for name, _ in racks if name),
        fixed=fixed,
        stores=tuple(stores),
        by_rack=tuple(_count(ports) for _, ports in racks),
        switches=max(1, -(-(len(fixed) + len(stores)) // room)),
    )


def oob_places(loaded: LoadedSite, oob: Oob) -> Iterator[SwitchPlace]:
    """Yield the switches, each in the first rack that it serves, or in the racks given in turn."""
    racks = loaded.site.fabrics.oob.racks
    ordinal = 0
    for served in oob.served:
        for name in served.names:
            if served.rack or racks:
                yield SwitchPlace(
                    name=name if served.rack else f"(place {ordinal + 1} of the oob network)",
                    model=oob.switch,
                    fabric="oob",
                    tier="leaf",
                    ports=len(oob.ports.down) + len(oob.ports.up),
                    rack=dealt(ordinal, racks) if racks else served.rack,
                    path=(*AT, "racks" if racks else "switch"),
                    present=bool(served.rack),
                )
            ordinal += 1


def list_oob_joints(loaded: LoadedSite, oob: Oob, inband: Inband | None) -> Iterator[Joint]:
    """Yield what is to be joined: controllers to their switch, switches to in-band leaves."""
    defined, room = loaded.site.fabrics.oob, len(oob.ports.down)
    cable, at = defined.cable or AUTO, (*AT, "cable")
    gbps = round(max(oob.ports.down_gbps))
    for served in oob.served:
        last = served.switches * room - 1
        numbered = [
            *((place, port) for place, port in enumerate(served.fixed)),
            *((last - place, port) for place, port in enumerate(served.stores)),
        ]
        for place, port in numbered:
            switch, number = divmod(place, room)
            if port.device:
                yield Joint(
                    fabric="oob",
                    tier=f"{port.tier}-leaf",
                    a=LinkEnd(device=port.device, port=port.port),
                    b=LinkEnd(device=served.names[switch], port=oob.ports.down[number]),
                    cable=cable,
                    speed_gbps=gbps,
                    path=at,
                )
    for one, other in defined.back_to_back:
        a, b = LinkEnd(device=one, port="HA"), LinkEnd(device=other, port="HA")
        yield Joint(fabric="oob", tier="host-host", a=a, b=b, cable=cable, speed_gbps=gbps, path=at)
    yield from _uplinks(loaded, oob, inband)


def _uplinks(loaded: LoadedSite, oob: Oob, inband: Inband | None) -> Iterator[Joint]:
    if inband is None or inband.size is None:
        return
    cable, path = uplink_cable(loaded)
    leaf = leaf_ports(loaded, inband, inband.size)
    shared_gbps = [gbps for gbps in oob.ports.up_gbps if gbps in leaf.down_gbps]
    speed_gbps = link_gbps(shared_gbps, None, carried_gbps(loaded, cable))
    switches = [(name, bool(one.rack)) for one in oob.served for name in one.names]
    for ordinal, (name, present) in enumerate(switches):
        pair, number = inband.size.switch(ordinal)
        for side, port in enumerate(oob.ports.up if present else ()):
            yield Joint(
                fabric="oob",
                tier="uplink",
                a=LinkEnd(device=name, port=port),
                b=LinkEnd(device=leaf_name(pair, side), port=leaf.down[number]),
                cable=cable,
                speed_gbps=speed_gbps or 0,
                path=path,
            )


def uplink_cable(loaded: LoadedSite) -> tuple[CableChoice, DefinitionPath]:
    """Return the cable from management switches to in-band leaves, and where it is asked for."""
    oob, inband = loaded.site.fabrics.oob, loaded.site.fabrics.inband
    if oob.uplink_cable:
        return oob.uplink_cable, (*AT, "uplink_cable")
    key = "uplink_cable" if inband.uplink_cable else "cable"
    return inband.uplink_cable or inband.cable or AUTO, ("fabrics", "inband", key)
