"""What keeps an address from being chosen."""

from collections import Counter
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network

from clusterwright.design.addresses import Addresses
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.model.naming import missing
from clusterwright.model.site import Site

AT = ("pins", "addresses")


def find_address_problems(site: Site, addresses: Addresses) -> Iterator[Problem]:
    """Yield pins of what has no address, and addresses outside the prefix or taken."""
    known = {**addresses.inband, **addresses.oob}
    for name in site.pins.addresses:
        if name not in known:
            path: DefinitionPath = (*AT, name)
            yield from missing(path, name, "name with an address", tuple(known), replaceable=False)
    by_network = (
        ("in-band", site.fabrics.inband.prefix, addresses.inband),
        ("out-of-band", site.fabrics.oob.prefix, addresses.oob),
    )
    for network, prefix, chosen in by_network:
        yield from _of_network(network, prefix, chosen, addresses.by_rule)


def _of_network(
    network: str,
    prefix: IPv4Network,
    chosen: Mapping[str, IPv4Address],
    by_rule: Mapping[str, IPv4Address],
) -> Iterator[Problem]:
    taken = Counter(chosen.values())
    owners = {address: name for name, address in chosen.items() if name not in by_rule}
    for name, usual in by_rule.items():
        if name not in chosen:
            continue
        address, path = chosen[name], (*AT, name)
        if not _for_hosts(address, prefix):
            rule = (
                f"{address} is no address for a host in {prefix}, the {network} network: choose "
                f"one that is, or write {usual}, which it has by rule"
            )
            yield Problem(path=path, value=str(address), rule=rule, remedy=((path, str(usual)),))
        elif taken[address] > 1:
            whose = f"the address of {owners[address]}" if address in owners else "chosen twice"
            free = usual if taken[usual] == 0 or usual == address else None
            advice = f", or write {usual}, which it has by rule" if free else ""
            yield Problem(
                path=path,
                value=str(address),
                rule=f"{address} is {whose}, but an address must mean one thing: choose another "
                f"one{advice}",
                remedy=((path, str(usual)),) if free else (),
            )


def _for_hosts(address: IPv4Address, prefix: IPv4Network) -> bool:
    """Whether it is in the prefix, and neither its first, its last, nor its gateway's."""
    return address in prefix and 1 < int(address) - int(prefix.network_address) < (
        prefix.num_addresses - 1
    )
