"""Which hosts reach each other over the switches of a fabric."""

from collections import Counter
from collections.abc import Iterable, Iterator

from clusterwright.design.plan import Link

Port = tuple[str, str]
"""A fabric and a switch of it."""


def find_cut_off(links: Iterable[Link], switches: frozenset[str]) -> tuple[str, ...]:
    """Return the hosts with a link that does not lead to where most links of its fabric lead.

    These are all hosts where no place has more than half of the links. Hosts pass nothing on: only
    switches join others.
    """
    hosts: list[tuple[str, Port]] = []
    joined: dict[Port, Port] = {}
    for link in links:
        upper = (link.fabric, link.b.device)
        if link.a.device in switches:
            _join(joined, (link.fabric, link.a.device), upper)
        else:
            hosts.append((link.a.device, upper))
    return tuple(dict.fromkeys(_apart(hosts, joined)))


def _apart(hosts: list[tuple[str, Port]], joined: dict[Port, Port]) -> Iterator[str]:
    roots = [_root(joined, leaf) for _, leaf in hosts]
    together, all_of_fabric = Counter(roots), Counter(fabric for fabric, _ in roots)
    for (host, _), root in zip(hosts, roots, strict=True):
        if 2 * together[root] <= all_of_fabric[root[0]]:
            yield host


def _root(joined: dict[Port, Port], port: Port) -> Port:
    """Follow a port to the one that stands for all that it is joined with."""
    path = []
    while (above := joined.get(port, port)) != port:
        path.append(port)
        port = above
    for one in path:
        joined[one] = port
    return port


def _join(joined: dict[Port, Port], one: Port, other: Port) -> None:
    joined[_root(joined, one)] = _root(joined, other)
