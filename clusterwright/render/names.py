"""Every name of the site that has an address."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal

from clusterwright.design.plan import SitePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name with its address on one of the networks of the site."""

    network: Literal["inband", "oob"]
    name: str
    address: IPv4Address


def list_names(plan: SitePlan) -> Iterator[Named]:
    """Yield hosts in band, then controllers and switches out of band."""
    for host in plan.hosts:
        yield Named(network="inband", name=host.name, address=host.address)
    controllers = (
        *(node.controller for node in plan.nodes),
        *(loop.controller for loop in plan.loops),
        *(pdu.controller for pdu in plan.pdus),
    )
    for one in controllers:
        yield Named(network="oob", name=one.name, address=one.address)
    for switch in plan.switches:
        yield Named(network="oob", name=switch.name, address=switch.address)
