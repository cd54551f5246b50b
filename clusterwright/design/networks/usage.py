"""How much of the networks' ports and prefixes is used, and what nobody can check."""

from collections.abc import Iterator

from clusterwright.design.addresses import Addresses
from clusterwright.design.fabric import Clos, unproven_speeds
from clusterwright.design.networks.inband import Inband
from clusterwright.design.networks.networks import Networks
from clusterwright.design.networks.pairs import slots_per_leaf
from clusterwright.design.plan import Unproven, Usage
from clusterwright.design.zones import INBAND_ZONES, oob_zones
from clusterwright.load import LoadedSite


def find_usages(loaded: LoadedSite, networks: Networks, addresses: Addresses) -> Iterator[Usage]:
    """Yield the fullest management switch, the in-band leaves, and the shares of the prefixes."""
    inband, oob = networks.inband, networks.oob
    if inband and inband.size:
        taken = slots_per_leaf(inband.ask, inband.size.pairs)
        yield _usage("in-band leaves", "ports towards hosts", taken, inband.size.down, "ports")
    if oob:
        there = [one for one in oob.served if one.rack]
        fullest = max(there, key=lambda one: one.ports / (one.switches * one.room))
        room = fullest.switches * fullest.room
        where = f"management switch of rack {fullest.rack}"
        yield _usage(where, "ports", fullest.ports, room, "ports")
    fabrics, oob_places = loaded.site.fabrics, addresses.oob_places
    for network, prefix, zones, places in (
        ("inband", fabrics.inband.prefix, INBAND_ZONES, addresses.inband_places),
        ("oob", fabrics.oob.prefix, oob_zones(oob_places), oob_places),
    ):
        for zone in zones:
            what = f"addresses of {' and '.join(filter(None, (zone.up, zone.down)))}"
            room = len(zone.places(prefix))
            yield _usage(f"{network} prefix", what, zone.taken(places), room, "addresses")


def _usage(subject: str, limit: str, used: float, allowed: float, unit: str) -> Usage:
    return Usage(
        layer="fabric", subject=subject, limit=limit, used=used, allowed=allowed, unit=unit
    )


def find_unproven(loaded: LoadedSite, networks: Networks) -> Iterator[Unproven]:
    """Yield models whose ports have no speed in the catalogue, by network."""
    unknown = [*_storage(networks.storage), *_inband(loaded, networks.inband)]
    for network, model in dict.fromkeys(unknown):
        yield Unproven(
            subject=model,
            check=f"its {network} ports run as fast as those of their switch",
            reason=f"the catalogue has no speed_gbps of the {network} ports of {model}",
        )
    yield from _adapters(loaded)


def _adapters(loaded: LoadedSite) -> Iterator[Unproven]:
    compute = loaded.site.fabrics.compute
    if compute.node_gbps is None:
        return
    found = unproven_speeds(loaded, compute.planes, compute.node_gbps)
    for server, nic in dict.fromkeys(found):
        yield Unproven(
            subject=nic or server,
            check=f"its compute ports can run at {compute.node_gbps} Gb/s",
            reason=f"the catalogue has no lower_gbps of {nic or f'the adapters of {server}'}",
        )


def _storage(storage: Clos | None) -> Iterator[tuple[str, str]]:
    for model, ports in storage.ports.items() if storage else ():
        if any(not port.speed_gbps for port in ports):
            yield "storage", model
    for store in storage.pool if storage else ():
        if any(port.speed_gbps is None for port in store.ports):
            yield "storage", store.model


def _inband(loaded: LoadedSite, inband: Inband | None) -> Iterator[tuple[str, str]]:
    if inband is None:
        return
    servers = {host.name: host.server for host in loaded.site.management}
    by_model = [
        *inband.node_ports.items(),
        *((servers[name], ports) for name, ports in inband.host_ports.items()),
        *((store.model, store.inband_ports) for store in inband.stores),
    ]
    for model, ports in by_model:
        if any(port.speed_gbps is None for port in ports):
            yield "in-band", model
