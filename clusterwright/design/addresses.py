"""Addresses from the prefixes.

From the bottom of a prefix: the gateway, nine management hosts, then the nodes of each unit as
built for. From its top downwards, out of band only: CDUs, PDUs, switches. So both ends can grow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from clusterwright.design.power import pdu_names, shelf_names
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite

MANAGEMENT_HOSTS = 9
FIRST_NODE = 1 + MANAGEMENT_HOSTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Every address of the site; nodes are found by unit and index."""

    inband: IPv4Network
    oob: IPv4Network
    unit_offsets: tuple[int, ...]
    from_top: tuple[str, ...]
    management: tuple[str, ...]

    def inband_of_node(self, unit: int, index: int) -> IPv4Address:
        return self.inband.network_address + FIRST_NODE + self.unit_offsets[unit] + index

    def oob_of_node(self, unit: int, index: int) -> IPv4Address:
        return self.oob.network_address + FIRST_NODE + self.unit_offsets[unit] + index

    def inband_of_management(self, name: str) -> IPv4Address:
        return self.inband.network_address + 2 + self.management.index(name)

    def oob_of_device(self, name: str) -> IPv4Address:
        """Return the address of a CDU, a PDU or a switch's management port."""
        return self.oob.broadcast_address - 1 - self.from_top.index(name)


def allot(loaded: LoadedSite, switches: Sequence[str]) -> Addresses:
    """Allot every address; `find_problems` says whether they fit."""
    site = loaded.site
    built = [unit.build_for for unit in site.compute]
    return Addresses(
        inband=site.fabrics.inband.prefix,
        oob=site.fabrics.oob.prefix,
        unit_offsets=tuple(sum(built[:i]) for i in range(len(built))),
        from_top=(
            *(cdu.name for loop in site.facility.cooling.loops for cdu in loop.cdus),
            *pdu_names(loaded),
            *shelf_names(loaded),
            *switches,
        ),
        management=tuple(host.name for host in site.management),
    )


def find_problems(loaded: LoadedSite, addresses: Addresses) -> Iterator[Problem]:
    """Yield every prefix that is too small, and prefixes that overlap."""
    nodes = sum(unit.build_for for unit in loaded.site.compute)
    yield from _too_small("inband", addresses.inband, FIRST_NODE + nodes)
    yield from _too_small("oob", addresses.oob, FIRST_NODE + nodes + len(addresses.from_top))
    if addresses.inband.overlaps(addresses.oob):
        yield Problem(
            path=("fabrics", "oob", "prefix"),
            value=str(addresses.oob),
            rule=f"{addresses.oob} overlaps {addresses.inband} of the in-band network: an address "
            "must mean one thing: choose another prefix",
        )
    if len(addresses.management) > MANAGEMENT_HOSTS:
        yield Problem(
            path=("management",),
            value=str(len(addresses.management)),
            rule=f"{len(addresses.management)} management hosts, but addresses are kept for "
            f"{MANAGEMENT_HOSTS}: use at most {MANAGEMENT_HOSTS}",
        )


def _too_small(network: str, prefix: IPv4Network, needed: int) -> Iterator[Problem]:
    have = max(0, prefix.num_addresses - 2)
    if needed <= have:
        return
    length = next(n for n in range(prefix.prefixlen, -1, -1) if 2 ** (32 - n) - 2 >= needed)
    path = ("fabrics", network, "prefix")
    better = IPv4Network((int(prefix.network_address), length), strict=False)
    yield Problem(
        path=path,
        value=str(prefix),
        rule=f"{prefix} has {have} addresses, but the site as built for needs {needed}: "
        f"use a /{length} or larger",
        remedy=((path, str(better)),),
    )
