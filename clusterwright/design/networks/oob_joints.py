"""What the out-of-band network joins: controllers to their switch, switches to in-band leaves."""

from collections.abc import Iterator

from clusterwright.design.cabling import Joint
from clusterwright.design.networks.inband import Inband, leaf_name
from clusterwright.design.networks.inband_switches import leaf_ports
from clusterwright.design.networks.oob import AT, Oob, uplink_cable
from clusterwright.design.networks.speeds import carried_gbps, link_gbps
from clusterwright.design.plan import LinkEnd
from clusterwright.load import LoadedSite
from clusterwright.model.cabling import AUTO


def list_oob_joints(loaded: LoadedSite, oob: Oob, inband: Inband | None) -> Iterator[Joint]:
    """Yield what is to be joined, ports for management first."""
    defined = loaded.site.fabrics.oob
    cable, at = defined.cable or AUTO, (*AT, "cable")
    gbps = round(max(oob.ports.down_gbps))
    for served in oob.served:
        names = served.names
        for switch, number, port in served.places():
            if port.device:
                yield Joint(
                    fabric="oob",
                    tier=f"{port.tier}-leaf",
                    a=LinkEnd(device=port.device, port=port.port),
                    b=LinkEnd(device=names[switch], port=served.panel.down[number]),
                    cable=cable,
                    speed_gbps=round(max(served.panel.down_gbps)),
                    path=at,
                )
    for one, other in defined.back_to_back:
        a, b = LinkEnd(device=one, port="HA"), LinkEnd(device=other, port="HA")
        yield Joint(fabric="oob", tier="host-host", a=a, b=b, cable=cable, speed_gbps=gbps, path=at)
    yield from _uplinks(loaded, oob, inband)


def _uplinks(loaded: LoadedSite, oob: Oob, inband: Inband | None) -> Iterator[Joint]:
    if inband is None or inband.size is None:
        return
    cable, path = uplink_cable(loaded)
    leaf = leaf_ports(loaded, inband, inband.size)
    carried = carried_gbps(loaded, cable)
    slots = [
        *((inband.size.switch(ordinal), one) for ordinal, one in enumerate(oob.own)),
        *((inband.added_switch(inband.size, k), one) for k, one in enumerate(oob.added)),
    ]
    for (pair, number), (served, name) in slots:
        shared_gbps = [gbps for gbps in served.panel.up_gbps if gbps in leaf.down_gbps]
        speed_gbps = link_gbps(shared_gbps, None, carried)
        for side, port in enumerate(served.panel.up if served.rack else ()):
            yield Joint(
                fabric="oob",
                tier="uplink",
                a=LinkEnd(device=name, port=port),
                b=LinkEnd(device=leaf_name(pair, side), port=leaf.down[number]),
                cable=cable,
                speed_gbps=speed_gbps or 0,
                path=path,
            )
