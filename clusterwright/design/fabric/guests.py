"""Hosts that are no nodes and take ports of nodes' leaves: UFM, storage, gateways."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from clusterwright.design.host_ports import HostPort, first, ports_for
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import Attached, ClosFabric


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One of them: `ports` are those into each plane, numbered on through the planes."""

    host: str
    kind: str
    unit: int
    ports: tuple[HostPort, ...]
    further: tuple[HostPort, ...] = ()
    """Into the planes after the first."""
    present: bool = True
    """Else its ports are kept for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPort:
    """One port of a guest; `ordinal` counts the guest ports of its unit from 0, in each plane."""

    host: str
    kind: str
    unit: int
    ordinal: int
    plane: int
    port: str


def unit_of(loaded: LoadedSite, attached: Attached) -> int:
    """Return the ordinal of the unit whose leaves it takes: the first one stands in every site."""
    names = [unit.name for unit in loaded.site.compute]
    return names.index(attached.unit) if attached.unit else 0


def attached_guests(
    loaded: LoadedSite, fabric: ClosFabric, role: Literal["compute", "storage"]
) -> tuple[Guest, ...]:
    """Return the management hosts that take ports, in the order of the definition."""
    on_host: Counter[str] = Counter()
    planes = getattr(fabric, "planes", 1)
    guests = []
    for one in fabric.attached:
        wanted, used = one.ports * planes, on_host[one.host]
        ports = first(used + wanted, _known(loaded, one.host, role), "HCA")[used:]
        on_host[one.host] += wanted
        guests.append(
            Guest(
                host=one.host,
                kind=one.kind,
                unit=unit_of(loaded, one),
                ports=ports[: one.ports],
                further=ports[one.ports :],
            )
        )
    return tuple(guests)


def _known(loaded: LoadedSite, name: str, role: str) -> tuple[HostPort, ...]:
    host = next(host for host in loaded.site.management if host.name == name)
    server = loaded.catalogue.servers[host.server]
    if role == "storage":
        return ports_for(server, "storage")
    return tuple(
        HostPort(name=port.cage, speed_gbps=port.speed_gbps) for port in server.compute_ports
    )


def list_guest_ports(guests: Sequence[Guest], planes: int) -> Iterator[GuestPort]:
    """Yield every port that a guest takes, in the order of the definition."""
    in_unit: Counter[tuple[int, int]] = Counter()
    for guest in guests:
        ports = (*guest.ports, *guest.further)
        each = len(guest.ports)
        for plane in range(1, planes + 1):
            for port in ports[(plane - 1) * each : plane * each]:
                if guest.present:
                    yield GuestPort(
                        host=guest.host,
                        kind=guest.kind,
                        unit=guest.unit,
                        ordinal=in_unit[guest.unit, plane],
                        plane=plane,
                        port=port.name,
                    )
                in_unit[guest.unit, plane] += 1
