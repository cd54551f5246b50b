"""What keeps cores of the in-band network from going with its leaves."""

from collections.abc import Iterator

from clusterwright.design.networks.ethernet_problems import find_uplink_problems
from clusterwright.design.networks.inband import AT, Inband
from clusterwright.design.networks.inband_switches import core_ports, leaf_ports, trunk_gbps
from clusterwright.design.networks.pairs import Pairs
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite

PATH = (*AT, "core_switch")


def find_core_problems(loaded: LoadedSite, inband: Inband) -> Iterator[Problem]:
    """Yield a model of cores that switches something else, or at other speeds than its leaves."""
    name = inband.core_switch
    kind = loaded.catalogue.switches[name].fabric_kind
    if name != inband.switch and kind != "ethernet":
        yield Problem(
            path=PATH,
            value=name,
            rule=f"the network is ethernet, but a {name} switches {kind}: write {inband.switch}, "
            "or choose another switch",
            remedy=((PATH, inband.switch),),
        )
    elif inband.size and inband.size.cores:
        yield from _speeds(loaded, inband, inband.size)


def _speeds(loaded: LoadedSite, inband: Inband, size: Pairs) -> Iterator[Problem]:
    name, leaf, core = (
        inband.core_switch,
        leaf_ports(loaded, inband, size),
        core_ports(loaded, inband),
    )
    shared = trunk_gbps("leaf-core", leaf, core, size.cores)
    if not shared:
        yield Problem(
            path=PATH,
            value=name,
            rule=f"uplinks of {inband.switch} run at {max(leaf.up_gbps):g} Gb/s and less, ports of "
            f"{name} at {max(core.down_gbps):g}, and they share no speed: choose another switch "
            "for the cores",
        )
    elif name != inband.switch:
        key = "uplink_cable" if inband.defined.uplink_cable else "cable"
        cable = ((*AT, key), inband.uplink_cable)
        yield from find_uplink_problems(loaded, cable, name, shared)
