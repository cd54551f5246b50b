"""The compute fabric, port by port."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.catalogue.entry import Cable
from clusterwright.design.fabric_size import FabricSize, leaf_name, spine_name
from clusterwright.design.plan import Link, LinkEnd, Mount
from clusterwright.design.seats import Seat
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite

_RACK_PITCH_M = 0.75
_UP_AND_DOWN_M = 5.0
_IN_ONE_RACK_M = 3.0


def switch_port(number: int, ports_per_cage: int) -> str:
    """Name a switch's port as its front panel does: cage/port, both from 1."""
    cage, port = divmod(number - 1, ports_per_cage)
    return f"{cage + 1}/{port + 1}" if ports_per_cage > 1 else str(cage + 1)


def lay_cables(
    loaded: LoadedSite, size: FabricSize, seats: Sequence[Seat], mounts: Mapping[str, Mount]
) -> tuple[Link, ...]:
    """Return every cable of the compute fabric: nodes to leaves, then leaves to spines.

    Lengths are estimates by racks passed; the routed length along trays is not designed yet.
    """
    fabric = loaded.site.fabrics.compute
    cable = loaded.catalogue.cables[fabric.cable]
    per_cage = loaded.catalogue.switches[fabric.switch].ports_per_cage
    racks = loaded.site.facility.racks.names

    def link(tier: str, a: LinkEnd, b: LinkEnd) -> Link:
        apart = abs(racks.index(mounts[a.device].rack) - racks.index(mounts[b.device].rack))
        return Link(
            fabric="compute",
            tier=tier,
            a=a,
            b=b,
            speed_gbps=cable.speed_gbps,
            medium=cable.medium,
            length_m=_length(apart, cable),
        )

    down = (link("node-leaf", a, b) for a, b in _downlinks(seats, per_cage))
    up = (link("leaf-spine", a, b) for a, b in _uplinks(loaded, size, per_cage))
    return (*down, *up)


def find_problems(loaded: LoadedSite) -> Iterator[Problem]:
    """Yield what the chosen cable cannot do."""
    fabric = loaded.site.fabrics.compute
    cable = loaded.catalogue.cables[fabric.cable]
    switch = loaded.catalogue.switches[fabric.switch]
    if cable.speed_gbps != switch.speed_gbps:
        yield Problem(
            path=("fabrics", "compute", "cable"),
            value=fabric.cable,
            rule=f"{fabric.cable} carries {cable.speed_gbps} Gb/s, but ports of {fabric.switch} "
            f"run at {switch.speed_gbps} Gb/s: choose a cable of that speed",
        )
    reach_m = max(cable.lengths_m)
    longest_m = _estimate(len(loaded.site.facility.racks.names) - 1)
    if longest_m > reach_m:
        yield Problem(
            path=("fabrics", "compute", "cable"),
            value=fabric.cable,
            rule=f"{fabric.cable} reaches {reach_m:g} m, but the racks at both ends of the row are "
            f"{longest_m:g} m apart: put the switches nearer, or choose another cable",
        )


def _downlinks(seats: Sequence[Seat], per_cage: int) -> Iterator[tuple[LinkEnd, LinkEnd]]:
    for seat in seats:
        for port in seat.server.compute_ports:
            leaf = LinkEnd(
                device=leaf_name(seat.unit, port.gpu + 1), port=switch_port(seat.index, per_cage)
            )
            yield LinkEnd(device=seat.name, port=port.cage), leaf


def _uplinks(
    loaded: LoadedSite, size: FabricSize, per_cage: int
) -> Iterator[tuple[LinkEnd, LinkEnd]]:
    leaves = [
        leaf_name(unit.name, rail)
        for unit in loaded.site.compute
        for rail in range(1, size.rails + 1)
    ]
    parallel = size.uplinks_per_spine
    for ordinal, leaf in enumerate(leaves):
        for spine in range(size.spines):
            for k in range(parallel):
                at_leaf = size.downlinks_per_leaf + spine * parallel + k + 1
                at_spine = ordinal * parallel + k + 1
                yield (
                    LinkEnd(device=leaf, port=switch_port(at_leaf, per_cage)),
                    LinkEnd(device=spine_name(spine + 1), port=switch_port(at_spine, per_cage)),
                )


def _estimate(racks_apart: int) -> float:
    return _UP_AND_DOWN_M + _RACK_PITCH_M * racks_apart if racks_apart else _IN_ONE_RACK_M


def _length(racks_apart: int, cable: Cable) -> float:
    wanted = _estimate(racks_apart)
    return next((m for m in sorted(cable.lengths_m) if m >= wanted), max(cable.lengths_m))
