"""Hosts that are no nodes and take ports of nodes' leaves: UFM, storage, gateways."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from clusterwright.design.fabric.ask import GuestAsk
from clusterwright.design.host_ports import HostPort, first, ports_for
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import Attached, ClosFabric, Kind

_PORT = GuestAsk()


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
    sharing: tuple["Guest", ...] = ()
    """Those that have a part of each of its ports of leaves."""
    splitter: str = ""
    """The cable that parts them."""
    lanes: int = 1
    """Into how many of them a port of a leaf is parted."""
    takes: GuestAsk = _PORT


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPort:
    """One port of a guest; `ordinal` counts the plugs of its unit's guests from 0, in each plane.

    It is in port `offset` of the plug's, and there part `lane`, from 1; 0 where the port is whole.
    """

    host: str
    kind: str
    unit: int
    ordinal: int
    plane: int
    port: str
    offset: int = 0
    lane: int = 0
    splitter: str = ""


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

    own_traffic = {"storage", "gateway"} if role == "storage" else set(get_args(Kind))

    def guest(one: Attached, host: str) -> Guest:
        wanted, used = one.ports * planes, on_host[host]
        ports = first(used + wanted, _known(loaded, host, role), "HCA")[used:]
        on_host[host] += wanted
        return Guest(
            host=host,
            kind=one.kind,
            unit=unit_of(loaded, one),
            ports=ports[: one.ports],
            further=ports[one.ports :],
        )

    return tuple(
        replace(
            guest(one, one.host),
            sharing=tuple(guest(one, host) for host in one.shared_with),
            splitter=one.cable or "",
            lanes=_lanes(loaded, fabric, one),
            takes=_takes(loaded, one, counts=one.kind in own_traffic),
        )
        for one in fabric.attached
    )


def _takes(loaded: LoadedSite, one: Attached, *, counts: bool) -> GuestAsk:
    """Return what a plug takes: the fibre of a splitter goes beside another where that is free."""
    if one.cable is None:
        return GuestAsk(counts=counts)
    if not loaded.catalogue.cables[one.cable].transceivers:
        return GuestAsk(takes="cage", counts=counts)
    return GuestAsk(takes="port" if counts else "paired", counts=counts)


def _lanes(loaded: LoadedSite, fabric: ClosFabric, one: Attached) -> int:
    """Return into how many lanes the hosts that share a plug part each of its ports."""
    parts = 1 + len(one.shared_with)
    if one.cable is None or loaded.catalogue.cables[one.cable].transceivers:
        return parts
    cage = loaded.catalogue.switches[fabric.switch].ports_per_cage * fabric.breakout
    return max(1, parts // cage)


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
        each = len(guest.ports)
        for plane in range(1, planes + 1):
            for k in range((plane - 1) * each, plane * each):
                if guest.present:
                    yield from _parts(guest, k, in_unit[guest.unit, plane], plane)
                in_unit[guest.unit, plane] += 1


def _parts(guest: Guest, k: int, ordinal: int, plane: int) -> Iterator[GuestPort]:
    """Yield port `k` of a guest, and of all that share its ports of leaves."""
    for place, one in enumerate((guest, *guest.sharing)):
        offset, lane = divmod(place, guest.lanes)
        yield GuestPort(
            host=one.host,
            kind=one.kind,
            unit=guest.unit,
            ordinal=ordinal,
            plane=plane,
            port=(*one.ports, *one.further)[k].name,
            offset=offset,
            lane=lane + 1 if guest.lanes > 1 else 0,
            splitter=guest.splitter,
        )
