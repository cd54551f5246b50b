"""What the in-band network joins, port by port."""

from collections.abc import Iterator, Sequence

from clusterwright.design.cabling import Joint
from clusterwright.design.host_ports import HostPort
from clusterwright.design.networks.inband import (
    Inband,
    core_name,
    core_ports,
    leaf_name,
    leaf_ports,
    slots,
)
from clusterwright.design.networks.pairs import Pairs
from clusterwright.design.networks.speeds import link_gbps
from clusterwright.design.networks.switch_ports import SwitchPorts
from clusterwright.design.plan import LinkEnd
from clusterwright.design.seats import Seat
from clusterwright.load import LoadedSite

Slot = tuple[int, int]
"""Pair and port, both from 0."""


def list_inband_joints(
    loaded: LoadedSite, inband: Inband, seats: Sequence[Seat]
) -> Iterator[Joint]:
    """Yield what is to be joined: hosts to leaves, leaf to leaf, leaves to cores, cores outwards."""
    if inband.size is None:
        return
    ports = leaf_ports(loaded, inband, inband.size)
    cable = loaded.catalogue.cables[inband.defined.cable or ""]
    for host, tier, port, slot, side in _bonds(loaded, inband, inband.size, seats):
        pair, number = slot
        yield Joint(
            fabric="inband",
            tier=tier,
            a=LinkEnd(device=host, port=port.name),
            b=LinkEnd(device=leaf_name(pair, side), port=ports.down[number]),
            cable=inband.defined.cable or "",
            speed_gbps=link_gbps(ports.down_gbps, port.speed_gbps, cable.speed_gbps),
        )
    yield from _between(loaded, inband, inband.size, ports)


Bond = tuple[str, str, HostPort, Slot, int]
"""Host, tier, its port, slot, and the side of the pair, 0 or 1."""


def _bonds(
    loaded: LoadedSite, inband: Inband, size: Pairs, seats: Sequence[Seat]
) -> Iterator[Bond]:
    for seat in seats:
        first = (
            inband.node_offsets[seat.unit_ordinal]
            + (seat.index - 1) * inband.node_slots[seat.unit_ordinal]
        )
        for j, port in enumerate(inband.node_ports[seat.model]):
            yield seat.name, "node-leaf", port, size.node(first + j // 2), j % 2
    for ordinal, host in enumerate(loaded.site.management):
        first = ordinal * inband.host_slots
        for j, port in enumerate(inband.host_ports[host.name]):
            yield host.name, "host-leaf", port, size.host(first + j // 2), j % 2
    first = 0
    for store in inband.stores:
        for j, port in enumerate(store.inband_ports if store.present else ()):
            yield store.name, "storage-leaf", port, size.storage(first + j // 2), j % 2
        first += slots(store.inband_ports)


def _between(
    loaded: LoadedSite, inband: Inband, size: Pairs, ports: SwitchPorts
) -> Iterator[Joint]:
    def joint(tier: str, a: tuple[str, str], b: tuple[str, str], cable: str) -> Joint:
        most_gbps = loaded.catalogue.cables[cable].speed_gbps
        return Joint(
            fabric="inband",
            tier=tier,
            a=LinkEnd(device=a[0], port=a[1]),
            b=LinkEnd(device=b[0], port=b[1]),
            cable=cable,
            speed_gbps=link_gbps(ports.up_gbps, None, most_gbps),
        )

    for pair in range(size.pairs):
        for port in ports.up[size.uplinks :]:
            one, other = leaf_name(pair, 0), leaf_name(pair, 1)
            yield joint("leaf-leaf", (one, port), (other, port), inband.peer_cable)
    core, handover = core_ports(loaded, inband).down, inband.defined.uplinks
    each = size.uplinks // size.cores if size.cores else 0
    for leaf in range(2 * size.pairs if each else 0):
        for link in range(size.uplinks):
            ordinal, k = divmod(link, each)
            a = (leaf_name(*divmod(leaf, 2)), ports.up[link])
            b = (core_name(ordinal), core[leaf * each + k])
            yield joint("leaf-core", a, b, inband.uplink_cable)
    for link in range(handover.links if handover else 0):
        if size.cores:
            row, ordinal = divmod(link, size.cores)
            a = (core_name(ordinal), core[len(core) - 1 - row])
        else:
            a = (leaf_name(0, link % 2), ports.up[link // 2])
        if handover:
            yield joint("uplink", a, (handover.panel, str(link + 1)), handover.cable)
