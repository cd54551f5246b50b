"""Joints become cables."""

from collections.abc import Iterable, Mapping

from clusterwright.catalogue.entry import Cable
from clusterwright.design.cabling.joint import Joint
from clusterwright.design.cabling.length import sold_length_m
from clusterwright.design.plan import Link, Mount
from clusterwright.design.racks import RackPlace


def lay_cables(
    cables: Mapping[str, Cable],
    joints: Iterable[Joint],
    racks: Mapping[str, RackPlace],
    mounts: Mapping[str, Mount],
) -> tuple[Link, ...]:
    """Return every cable of the site, in the order of the joints.

    Lengths are estimates by racks passed; the routed length along trays is not designed yet.
    """
    places = {rack: n for n, rack in enumerate(racks)}
    at = {device: places[mount.rack] for device, mount in mounts.items()}
    lengths_m: dict[tuple[str, int], float] = {}

    def length_m(joint: Joint) -> float:
        apart = abs(at[joint.a.device] - at[joint.b.device])
        key = (joint.cable, apart)
        if key not in lengths_m:
            lengths_m[key] = sold_length_m(apart, cables[joint.cable])
        return lengths_m[key]

    return tuple(
        Link(
            fabric=joint.fabric,
            tier=joint.tier,
            a=joint.a,
            b=joint.b,
            cable=joint.cable,
            speed_gbps=cables[joint.cable].speed_gbps,
            medium=cables[joint.cable].medium,
            length_m=length_m(joint),
        )
        for joint in joints
    )
