"""The switches of the in-band network: where they stand, their ports and what these run at."""

from collections.abc import Iterator, Sequence

from clusterwright.design.networks.inband import (
    AT,
    Inband,
    core_name,
    leaf_name,
    spine_names,
)
from clusterwright.design.networks.pairs import Pairs
from clusterwright.design.networks.place import SwitchPlace, dealt
from clusterwright.design.networks.switch_ports import SwitchPorts, share_ports
from clusterwright.load import LoadedSite


def leaf_ports(loaded: LoadedSite, inband: Inband, size: Pairs) -> SwitchPorts:
    """Return the ports of a leaf: uplinks first among those between switches, then its peer's."""
    switch = loaded.catalogue.switches[inband.switch]
    return share_ports(
        switch, split=inband.defined.breakout, up=size.uplinks + inband.defined.peer_links
    )


def core_ports(loaded: LoadedSite, inband: Inband) -> SwitchPorts:
    """Return the ports of a core, or of a spine: all of them are between switches."""
    switch = loaded.catalogue.switches[inband.core_switch]
    return share_ports(switch, split=1, up=0)


def trunk_gbps(tier: str, leaf: SwitchPorts, core: SwitchPorts, cores: int) -> Sequence[float]:
    """Return what links of a tier can run at: what the switches at both ends know."""
    if tier == "leaf-leaf" or (tier == "uplink" and not cores):
        return leaf.up_gbps
    if tier in {"spine-core", "uplink"}:
        return core.down_gbps
    return tuple(gbps for gbps in leaf.up_gbps if gbps in core.down_gbps)


def inband_places(loaded: LoadedSite, inband: Inband) -> Iterator[SwitchPlace]:
    """Yield cores first, then spines and leaves: more leaves then move none."""
    size = inband.size
    if size is None:
        return
    ports, above = leaf_ports(loaded, inband, size), len(core_ports(loaded, inband).down)
    names = [
        *((core_name(core), "core", above) for core in range(size.cores)),
        *((spine, "spine", above) for group in spine_names(size) for spine in group),
        *(
            (leaf_name(pair, side), "leaf", len(ports.down) + len(ports.up))
            for pair in range(size.pairs)
            for side in (0, 1)
        ),
    ]
    for ordinal, (name, tier, count) in enumerate(names):
        yield SwitchPlace(
            name=name,
            model=inband.switch if tier == "leaf" else inband.core_switch,
            fabric="inband",
            tier=tier,
            ports=count,
            rack=dealt(ordinal, inband.defined.racks),
            path=(*AT, "racks"),
        )
