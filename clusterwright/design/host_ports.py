"""Ports of hosts that are no rails of the compute fabric, by what they are for."""

from collections.abc import Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entries.server import PortRole
from clusterwright.catalogue.entry import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPort:
    """One port; its speed is None where the catalogue does not say."""

    name: str
    speed_gbps: float | None


def ports_for(server: Server, role: PortRole) -> tuple[HostPort, ...]:
    """Return the ports of a role in the order of the catalogue entry, named by their cages."""
    return tuple(
        HostPort(name=port.cage, speed_gbps=port.speed_gbps)
        for port in server.ports
        if port.role == role
    )


def first(count: int, known: Sequence[HostPort], label: str) -> tuple[HostPort, ...]:
    """Return so many ports: those known, and more with a number where there are too few."""
    speed_gbps = known[-1].speed_gbps if known else None
    numbered = (
        HostPort(name=f"{label}{n + 1}", speed_gbps=speed_gbps) for n in range(len(known), count)
    )
    return (*known[:count], *numbered)
