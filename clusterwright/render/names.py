"""Every name of the site that has an address."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal

from clusterwright.design.plan import Controller, SitePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name with its address on one of the networks of the site; `device` is what has it.

    One that is `inside` is not the device's own, but that of a board in it.
    """

    network: Literal["inband", "oob"]
    name: str
    address: IPv4Address
    device: str
    inside: bool = False


def list_names(plan: SitePlan) -> Iterator[Named]:
    """Yield hosts in band, then controllers and switches out of band."""
    for host in (*plan.hosts, *plan.storage_servers):
        yield Named(network="inband", name=host.name, address=host.address, device=host.name)
    for device, controller in _controllers(plan):
        yield Named(network="oob", name=controller.name, address=controller.address, device=device)
    for node in plan.nodes:
        for board in node.board_controllers:
            yield Named(
                network="oob",
                name=board.name,
                address=board.address,
                device=node.name,
                inside=True,
            )
    for one in plan.management_hosts:
        if one.bmc_address:
            name = f"{one.name}-bmc"
            yield Named(network="oob", name=name, address=one.bmc_address, device=one.name)
    for switch in plan.switches:
        yield Named(network="oob", name=switch.name, address=switch.address, device=switch.name)


def _controllers(plan: SitePlan) -> Iterator[tuple[str, Controller]]:
    yield from ((node.name, node.controller) for node in plan.nodes)
    yield from ((server.name, server.controller) for server in plan.storage_servers)
    yield from ((loop.cdu, loop.controller) for loop in plan.loops)
    yield from ((pdu.name, pdu.controller) for pdu in plan.pdus)
    yield from ((shelf.name, shelf.controller) for shelf in plan.power_shelves)
