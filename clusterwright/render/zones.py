"""Zone files (RFC 1035) for the names of the site, forward and reverse, and who serves them.

A serial follows from what a zone holds: equal plans give equal zones. It tells two zones apart, but
not which is newer; a secondary is told by a transfer (`rndc retransfer`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from zlib import crc32

from clusterwright.design.plan import SitePlan
from clusterwright.render.environment import render_template
from clusterwright.render.names import list_names

_SERVER = "ns"
"""Where the site has no management hosts, its gateway is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One zone: `records` are owner, type and data; `servers` are names in the site's domain."""

    name: str
    records: Sequence[tuple[str, str, str]]
    servers: Sequence[str]

    @property
    def serial(self) -> int:
        """Return a number from 1 to 2³²-1 that follows from the content."""
        text = repr((self.name, *self.records, *self.servers))
        return crc32(text.encode()) or 1


def render_zones(plan: SitePlan) -> Mapping[str, str]:
    """Render each zone, and the clauses with which BIND serves them."""
    names = [(one.name, one.address) for one in list_names(plan)]
    servers = [host.name for host in plan.management_hosts]
    if not servers:
        servers = [_SERVER]
        names.append((_SERVER, plan.inband.gateway))
    zones = [_forward(plan, names, servers), *_reverse(plan, names, servers)]
    files = {
        f"dns/{zone.name}.zone": render_template("dns/zone.j2", zone=zone, domain=plan.domain)
        for zone in zones
    }
    names_of_zones = [zone.name for zone in zones]
    return files | {"dns/named.conf.zones": render_template("dns/named.j2", zones=names_of_zones)}


def _forward(
    plan: SitePlan, names: Iterable[tuple[str, IPv4Address]], servers: Sequence[str]
) -> Zone:
    records = [(name, "A", str(address)) for name, address in names]
    return Zone(name=plan.domain, records=records, servers=servers)


def _reverse(
    plan: SitePlan, names: Iterable[tuple[str, IPv4Address]], servers: Sequence[str]
) -> list[Zone]:
    """Return a zone for each 256 addresses of which one has a name: no zone reaches further."""
    records: dict[str, list[tuple[str, str, str]]] = {}
    for name, address in sorted(names, key=lambda pair: pair[1]):
        a, b, c, d = str(address).split(".")
        zone = f"{c}.{b}.{a}.in-addr.arpa"
        records.setdefault(zone, []).append((d, "PTR", f"{name}.{plan.domain}."))
    return [Zone(name=name, records=held, servers=servers) for name, held in records.items()]
