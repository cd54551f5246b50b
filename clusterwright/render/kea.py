"""DHCP for the in-band and the out-of-band network, as Kea reads it.

There are no pools: whoever is not reserved an address gets none. A port is known by its MAC where
the record has one, else by its place: the switch and port that a relay writes into the circuit id
(RFC 3046) as `switch:port`. So a node that was replaced gets the address of its place, as soon as
the lease of the one before has run out: that is why leases are short.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from clusterwright.design.plan import Network, SitePlan
from clusterwright.render.environment import render_template
from clusterwright.render.names import Named, list_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A DHCP option by Kea's name for it."""

    name: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """One network; a reservation is an object of JSON in Kea's words."""

    network: str
    prefix: str
    gateway: str
    reservations: Sequence[str]


def render_kea(plan: SitePlan) -> str:
    """Render kea-dhcp4.conf."""
    names = list(list_names(plan))
    known_by = _places(plan) | {
        one.name: {"hw-address": one.mac} for one in plan.hardware_addresses
    }
    subnets = [
        Subnet(
            network=network.name,
            prefix=str(network.prefix),
            gateway=str(network.gateway),
            reservations=list(_reservations(network, names, known_by)),
        )
        for network in (plan.inband, plan.oob)
    ]
    return render_template("dhcp/kea-dhcp4.conf.j2", options=list(_options(plan)), subnets=subnets)


def _reservations(
    network: Network, names: Sequence[Named], known_by: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield whoever can be told from others."""
    for one in names:
        if one.network == network.name and one.name in known_by:
            owner = {"hostname": one.name, "ip-address": str(one.address)}
            yield json.dumps({**known_by[one.name], **owner})


def _places(plan: SitePlan) -> dict[str, Mapping[str, str]]:
    """Return the switch and port at which each name is on its network, where a cable says so."""
    names: dict[tuple[str, str], str] = {
        (one.network, one.device): one.name for one in list_names(plan) if not one.inside
    }
    places: dict[str, Mapping[str, str]] = {}
    for link in plan.links:
        name = names.get((link.fabric, link.a.device))
        if name:
            place = {"circuit-id": f"'{link.b.device}:{link.b.port}'"}
            places.setdefault(name, place)
    return places


def _options(plan: SitePlan) -> Iterator[Option]:
    """Yield what is told to everybody; a time server that is only a name cannot be told."""
    yield Option(name="domain-name", data=plan.domain)
    servers = (str(host.address) for host in plan.management_hosts)
    clocks = filter(_is_address, plan.software.time_servers)
    for name, addresses in (("domain-name-servers", servers), ("ntp-servers", clocks)):
        if data := ", ".join(addresses):
            yield Option(name=name, data=data)


def _is_address(server: str) -> bool:
    try:
        IPv4Address(server)
    except AddressValueError:
        return False
    return True
