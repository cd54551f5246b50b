"""How fast a link of an Ethernet network runs: as fast as both ports and its cable can."""

from collections.abc import Sequence
from math import inf

from clusterwright.load import LoadedSite
from clusterwright.model.cabling import CableChoice, names_in


def link_gbps(port_gbps: Sequence[float], host_gbps: float | None, cable_gbps: float) -> int | None:
    """Return the highest speed that the switch's port knows and neither host nor cable exceeds.

    A host's port runs at any lower speed, too; one whose speed nobody knows is taken to be fast
    enough. None where there is no such speed.
    """
    most = cable_gbps if host_gbps is None else min(cable_gbps, host_gbps)
    fit = [gbps for gbps in port_gbps if gbps <= most]
    return round(max(fit)) if fit else None


def carried_gbps(loaded: LoadedSite, choice: CableChoice) -> float:
    """Return what every cable of a choice carries; with `auto`, the most that any can."""
    cables = loaded.catalogue.cables
    known = (one.speed_gbps for one in cables.values() if "ethernet" in one.protocols)
    most = max(known, default=inf)
    return min((cables[name].speed_gbps for name in names_in(choice)), default=most)
