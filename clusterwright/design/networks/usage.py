"""How much of the networks' ports and prefixes is used, and what nobody can check."""

from collections.abc import Iterator

from clusterwright.design.addresses import Addresses, share
from clusterwright.design.networks.networks import Networks
from clusterwright.design.plan import Unproven, Usage
from clusterwright.load import LoadedSite


def find_usages(loaded: LoadedSite, networks: Networks, addresses: Addresses) -> Iterator[Usage]:
    """Yield the fullest management switch, the in-band leaves, and the shares of the prefixes."""
    inband, oob = networks.inband, networks.oob
    if inband and inband.size:
        ask, pairs = inband.ask, inband.size.pairs
        taken = sum(-(-n // pairs) for n in (ask.nodes, ask.switches, ask.hosts, ask.storage))
        yield _usage("in-band leaves", "ports towards hosts", taken, inband.size.down, "ports")
    if oob:
        fullest = max(oob.served, key=lambda one: one.ports / one.switches)
        room = fullest.switches * len(oob.ports.down)
        where = f"management switch of rack {fullest.rack or fullest.racks}"
        yield _usage(where, "ports", fullest.ports, room, "ports")
    prefix = loaded.site.fabrics.oob.prefix
    for kind, names in addresses.oob_places.items():
        yield _usage(
            "oob prefix", f"addresses of {kind}", len(names), len(share(prefix, kind)), "addresses"
        )
    prefix = loaded.site.fabrics.inband.prefix
    taken = sum(len(names) for names in addresses.inband_places.values())
    yield _usage("inband prefix", "addresses", taken, prefix.num_addresses - 2, "addresses")


def _usage(subject: str, limit: str, used: float, allowed: float, unit: str) -> Usage:
    return Usage(
        layer="fabric", subject=subject, limit=limit, used=used, allowed=allowed, unit=unit
    )


def find_unproven(loaded: LoadedSite, networks: Networks) -> Iterator[Unproven]:
    """Yield models whose ports have no speed in the catalogue, by network."""
    unknown: dict[tuple[str, str], None] = {}
    if networks.storage:
        for model, ports in networks.storage.ports.items():
            if any(not port.speed_gbps for port in ports):
                unknown["storage", model] = None
        for store in networks.storage.pool:
            if any(port.speed_gbps is None for port in store.ports):
                unknown["storage", store.model] = None
    if networks.inband:
        servers = {host.name: host.server for host in loaded.site.management}
        by_model = [
            *networks.inband.node_ports.items(),
            *((servers[name], ports) for name, ports in networks.inband.host_ports.items()),
            *((store.model, store.inband_ports) for store in networks.inband.stores),
        ]
        for model, host_ports in by_model:
            if any(port.speed_gbps is None for port in host_ports):
                unknown["in-band", model] = None
    for network, model in unknown:
        yield Unproven(
            subject=model,
            check=f"its {network} ports run as fast as those of their switch",
            reason=f"the catalogue has no speed_gbps of the {network} ports of {model}",
        )
