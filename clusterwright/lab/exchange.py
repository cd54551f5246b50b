"""Another machine in the place of one of the lab's: `clusterwright lab replace`."""

import secrets
from collections.abc import Iterable
from dataclasses import replace

from clusterwright.design.plan import Node, SitePlan
from clusterwright.lab.facility import Facility
from clusterwright.lab.facility.exchange import Exchange
from clusterwright.lab.host_boot import HostSpec
from clusterwright.lab.host_files import hardware_text, write_host_files
from clusterwright.lab.hosts import Hosts
from clusterwright.lab.instance import Lab
from clusterwright.lab.passwords import USERNAME, write_private


async def exchange(  # noqa: PLR0913 - what a device is joined to, and which others there are
    lab: Lab,
    plan: SitePlan,
    hosts: Hosts,
    facility: Facility,
    name: str,
    *,
    besides: Iterable[str] = (),
) -> None:
    """Pull a device out and put another of its model in, with a factory password of its own.

    Raises:
        UsageError: the lab has no such device.
    """
    exchanged = Exchange(facility, name, besides)
    password = secrets.token_urlsafe(18)
    await exchanged.take_out()
    for secret in exchanged.secrets:
        write_private(lab.factory_password_file(secret), password)
    await exchanged.put_in((USERNAME, password))
    for node in (one for one in plan.nodes if one.name == name):
        await _empty_drives(lab, plan, hosts, facility, node)


async def _empty_drives(
    lab: Lab, plan: SitePlan, hosts: Hosts, facility: Facility, node: Node
) -> None:
    """What is not installed over the network comes with a system, as at the first time."""
    machine = facility.site.nodes[node.name].service.machine

    def furnish(spec: HostSpec) -> HostSpec:
        if spec.hardware is not None:
            return replace(spec, hardware=hardware_text(node, machine))
        key = lab.ssh_key.with_suffix(".pub").read_text()
        write_host_files(plan, node, spec.upper, key, machine)
        return spec

    await hosts.stop(node.name, graceful=False)
    await hosts.replace_disk(node.name, furnish)
