"""What the switches chosen can do, in plain numbers: ports, how they are split, and speeds."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from clusterwright.design.fabric.ask import Above
from clusterwright.design.fabric.node_ports import PlanePort
from clusterwright.design.fabric.takers import link_gbps
from clusterwright.design.stores import Store
from clusterwright.load import LoadedSite
from clusterwright.model.fabric import ClosFabric, StorageFabric


class Figures(NamedTuple):
    """Those of leaves; `ports` and `cage_ports` as links between switches use them."""

    ports: int
    split: int
    cage_ports: int
    port_gbps: int
    below_gbps: int
    slowed: int
    """What links to nodes could run at over what they do."""


def breakout_above(fabric: ClosFabric) -> int:
    """Return into how many links a port is split between switches."""
    return fabric.uplink_breakout or fabric.breakout


def switch_figures(
    loaded: LoadedSite, fabric: ClosFabric, ports: Mapping[str, Sequence[PlanePort]]
) -> Figures:
    """Return the figures of the leaves, given what servers put into the fabric."""
    switch, above = loaded.catalogue.switches[fabric.switch], breakout_above(fabric)
    nodes = (port.speed_gbps for of_server in ports.values() for port in of_server)
    below_gbps = link_gbps(loaded, fabric.switch, fabric.breakout, fabric.cable, nodes)
    return Figures(
        ports=switch.ports * above,
        split=fabric.breakout // above,
        cage_ports=switch.ports_per_cage * above,
        port_gbps=switch.speed_gbps,
        below_gbps=below_gbps,
        slowed=max(1, switch.speed_gbps // (fabric.breakout * below_gbps)),
    )


def switches_above(loaded: LoadedSite, fabric: ClosFabric) -> Above:
    """Return the switches above the leaves; their ports are split to the speed of the leaves'."""
    switch, above = loaded.catalogue.switches[fabric.switch], breakout_above(fabric)
    spine = loaded.catalogue.switches[fabric.spine_switch or fabric.switch]
    split = max(1, spine.speed_gbps * above // switch.speed_gbps)
    return Above(
        ports=spine.ports * split,
        cage_ports=spine.ports_per_cage * split,
        oversubscription=fraction(fabric.spine_oversubscription),
        least_spines=fabric.least_spines,
    )


def pool_figures(
    loaded: LoadedSite, defined: StorageFabric, pool: Sequence[Store]
) -> tuple[int, int]:
    """Return into how many links a port is split for storage, beyond `breakout_above`, and Gb/s."""
    above, wanted = breakout_above(defined), defined.appliances
    split = max(1, (wanted.breakout or defined.breakout) // above)
    servers = (port.speed_gbps for store in pool for port in store.ports)
    cable = wanted.cable or defined.cable
    return split, link_gbps(loaded, defined.switch, split * above, cable, servers)


def fraction(ratio: float) -> Fraction:
    """Return a ratio as the operator meant it: 4:3 is no binary fraction."""
    return Fraction(ratio).limit_denominator(1000)
