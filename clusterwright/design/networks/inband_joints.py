"""What the in-band network joins, port by port."""

from collections.abc import Iterator, Sequence

from clusterwright.design.cabling import Joint
from clusterwright.design.fabric.ask import Grouping
from clusterwright.design.fabric.tree import Tree
from clusterwright.design.fabric.trunks import Rising, leaf_spine, spine_core
from clusterwright.design.host_ports import HostPort
from clusterwright.design.networks.inband import (
    AT,
    Inband,
    core_name,
    leaf_name,
    slots,
    spine_names,
)
from clusterwright.design.networks.inband_switches import core_ports, leaf_ports, trunk_gbps
from clusterwright.design.networks.pairs import Pairs
from clusterwright.design.networks.speeds import carried_gbps, link_gbps
from clusterwright.design.networks.switch_ports import SwitchPorts
from clusterwright.design.newcomers import MANAGEMENT_HOSTS
from clusterwright.design.plan import LinkEnd
from clusterwright.design.seats import Seat
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import CableChoice

Slot = tuple[int, int]
"""Pair and port, both from 0."""


def list_inband_joints(
    loaded: LoadedSite, inband: Inband, seats: Sequence[Seat]
) -> Iterator[Joint]:
    """Yield what is to be joined: hosts to leaves, leaf to leaf, to cores, and outwards."""
    if inband.size is None:
        return
    ports = leaf_ports(loaded, inband, inband.size)
    yield from _of_hosts(loaded, inband, ports, _bonds(loaded, inband, inband.size, seats))
    core = core_ports(loaded, inband)
    for tier, one, other, cable, path in _between(inband, inband.size, ports, core.down):
        known = trunk_gbps(tier, ports, core, inband.size.cores)
        yield Joint(
            fabric="inband",
            tier=tier,
            a=one,
            b=other,
            cable=cable,
            speed_gbps=link_gbps(known, None, carried_gbps(loaded, cable)) or 0,
            path=path,
        )


def list_node_joints(loaded: LoadedSite, inband: Inband, seats: Sequence[Seat]) -> Iterator[Joint]:
    """Yield what is to be joined of these seats alone."""
    if inband.size is not None:
        ports = leaf_ports(loaded, inband, inband.size)
        yield from _of_hosts(loaded, inband, ports, _node_bonds(inband, inband.size, seats))


Bond = tuple[str, str, HostPort, Slot, int]
"""Host, tier, its port, slot, and the side of the pair, 0 or 1."""


def _of_hosts(
    loaded: LoadedSite, inband: Inband, ports: SwitchPorts, bonds: Iterator[Bond]
) -> Iterator[Joint]:
    carried = carried_gbps(loaded, inband.cable)
    for host, tier, port, slot, side in bonds:
        pair, number = slot
        yield Joint(
            fabric="inband",
            tier=tier,
            a=LinkEnd(device=host, port=port.name),
            b=LinkEnd(device=leaf_name(pair, side), port=ports.down[number]),
            cable=inband.cable,
            speed_gbps=link_gbps(ports.down_gbps, port.speed_gbps, carried) or 0,
            path=(*AT, "cable"),
            # Whoever comes to a cage of a leaf that is split may stand anywhere.
            open=inband.ask.split * inband.ask.cage_ports > 1,
        )


def _node_bonds(inband: Inband, size: Pairs, seats: Sequence[Seat]) -> Iterator[Bond]:
    for seat in seats:
        first = (
            inband.node_offsets[seat.unit_ordinal]
            + (seat.index - 1) * inband.node_slots[seat.unit_ordinal]
        )
        for j, port in enumerate(inband.node_ports[seat.model]):
            yield seat.name, "node-leaf", port, size.node(first + j // 2), j % 2


def _bonds(
    loaded: LoadedSite, inband: Inband, size: Pairs, seats: Sequence[Seat]
) -> Iterator[Bond]:
    yield from _node_bonds(inband, size, seats)
    for ordinal, host in enumerate(loaded.site.management):
        for j, port in enumerate(inband.host_ports[host.name]):
            slot = size.host(ordinal + j // 2 * MANAGEMENT_HOSTS)
            yield host.name, "host-leaf", port, slot, j % 2
    first = 0
    for store in inband.stores:
        for j, port in enumerate(store.inband_ports if store.present else ()):
            yield store.name, "storage-leaf", port, size.storage(first + j // 2), j % 2
        first += slots(store.inband_ports)


Between = tuple[str, LinkEnd, LinkEnd, CableChoice, DefinitionPath]
"""Tier, both ends, the cable and where it is asked for."""


def _between(
    inband: Inband, size: Pairs, ports: SwitchPorts, core: Sequence[str]
) -> Iterator[Between]:
    above = (*AT, "uplink_cable" if inband.defined.uplink_cable else "cable")
    peers = (*AT, "peer_cable") if inband.defined.peer_cable else above
    for pair in range(size.pairs):
        for port in ports.up[size.uplinks :]:
            one, other = (LinkEnd(device=leaf_name(pair, side), port=port) for side in (0, 1))
            yield "leaf-leaf", one, other, inband.peer_cable, peers
    trunks = _in_three_tiers(size, ports, core) if size.tree else _leaf_core(size, ports, core)
    for tier, a, b in trunks:
        yield tier, a, b, inband.uplink_cable, above
    if handover := inband.defined.uplinks:
        for link in range(handover.links):
            a = _outwards(size, ports, core, link)
            b = LinkEnd(device=handover.panel, port=str(link + 1))
            yield "uplink", a, b, handover.cable, (*AT, "uplinks", "cable")


Trunk = tuple[str, LinkEnd, LinkEnd]
"""Tier and both ends of a link between switches."""


def _in_three_tiers(size: Pairs, ports: SwitchPorts, names: Sequence[str]) -> Iterator[Trunk]:
    """Yield links as in any fabric of three tiers, pairs being the units."""
    tree, spines = size.tree, spine_names(size)
    if tree is None or tree.grouping is None:
        return
    leaves = (_rising(tree, tree.grouping, leaf, ports.up[: size.uplinks]) for leaf in _all(size))
    for a, b in leaf_spine(leaves, spines, names):
        yield "leaf-spine", a, b
    cores = [core_name(core) for core in range(size.cores)]
    for a, b in spine_core(tree, range(tree.groups), spines, cores, names):
        yield "spine-core", a, b


def _all(size: Pairs) -> range:
    return range(2 * size.pairs)


def _rising(tree: Tree, grouping: Grouping, leaf: int, ports: Sequence[str]) -> Rising:
    group, place = divmod(leaf, grouping.units * grouping.leaves)
    return Rising(leaf_name(*divmod(leaf, 2)), ports, group, place * tree.links_per_spine)


def _leaf_core(size: Pairs, ports: SwitchPorts, core: Sequence[str]) -> Iterator[Trunk]:
    each = size.uplinks // size.cores if size.cores else 0
    for leaf in range(2 * size.pairs if each else 0):
        for link in range(size.uplinks):
            ordinal, k = divmod(link, each)
            yield (
                "leaf-core",
                LinkEnd(device=leaf_name(*divmod(leaf, 2)), port=ports.up[link]),
                LinkEnd(device=core_name(ordinal), port=core[leaf * each + k]),
            )


def _outwards(size: Pairs, ports: SwitchPorts, core: Sequence[str], link: int) -> LinkEnd:
    """Return the port that a link out of the site starts from: cores' last ones, or a leaf's."""
    if size.cores:
        row, ordinal = divmod(link, size.cores)
        return LinkEnd(device=core_name(ordinal), port=core[len(core) - 1 - row])
    return LinkEnd(device=leaf_name(0, link % 2), port=ports.up[link // 2])
