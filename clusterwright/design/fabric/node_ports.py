"""Which plane and rail each port of a server belongs to."""

from collections import Counter
from dataclasses import dataclass

from clusterwright.catalogue.entry import Server
from clusterwright.design.host_ports import ports_for


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanePort:
    """One link's worth of a NIC: `rail` and `plane` count from 1."""

    name: str
    cage: str
    rail: int
    plane: int
    speed_gbps: int


def plane_ports(
    server: Server, planes: int, asked_gbps: int | None = None
) -> tuple[PlanePort, ...]:
    """Return a server's ports in the order of its catalogue entry, as fast as is asked or they can.

    Where a GPU has as many ports as there are planes, they go to the planes in order; where it has
    fewer, each port is split over all planes. Every further port of a GPU is a rail of its own.
    """
    ports = server.compute_ports
    by_gpu = sorted(range(len(ports)), key=lambda i: ports[i].gpu)
    rank = {i: place for place, i in enumerate(by_gpu)}
    if lanes(server, planes) == 1:
        return tuple(
            PlanePort(
                name=port.name,
                cage=port.cage,
                rail=rank[i] // planes + 1,
                plane=rank[i] % planes + 1,
                speed_gbps=min(port.speed_gbps, asked_gbps or port.speed_gbps),
            )
            for i, port in enumerate(ports)
        )
    return tuple(
        PlanePort(
            name=f"{port.name}p{plane}",
            cage=f"{port.cage}/{plane}",
            rail=rank[i] + 1,
            plane=plane,
            speed_gbps=min(port.speed_gbps // planes, asked_gbps or port.speed_gbps),
        )
        for i, port in enumerate(ports)
        for plane in range(1, planes + 1)
    )


def lanes(server: Server, planes: int) -> int:
    """Return into how many planes each port of a server is split: one, or all of them."""
    by_gpu = Counter(port.gpu for port in server.compute_ports)
    return 1 if all(count % planes == 0 for count in by_gpu.values()) else planes


def storage_ports(server: Server) -> tuple[PlanePort, ...]:
    """Return a server's ports into the storage fabric, each a rail; 0 Gb/s is not known."""
    return tuple(
        PlanePort(
            name=port.name,
            cage=port.name,
            rail=ordinal,
            plane=1,
            speed_gbps=round(port.speed_gbps or 0),
        )
        for ordinal, port in enumerate(ports_for(server, "storage"), start=1)
    )
