"""Pieces of cable as a technician meets them: plugs, places, labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from clusterwright.design.plan import Link, LinkEnd, Mount, SitePlan
from clusterwright.render.devices import list_devices

APART = "; "
"""Between the plugs of a splitter in one cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plug:
    """One plug: its device, the port or ports that it serves, and where the device is mounted."""

    device: str
    port: str
    mount: Mount

    @property
    def name(self) -> str:
        return f"{self.device} {self.port}"

    @property
    def place(self) -> str:
        """Rack and lowest rack unit of the device; the rack alone, where it takes no units."""
        return f"{self.mount.rack} U{self.unit}" if self.unit else self.mount.rack

    @property
    def unit(self) -> str:
        return str(self.mount.lowest_unit) if self.mount.height_units else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of cable with its plugs; `a` is the side of the lower tier."""

    name: str
    links: tuple[Link, ...]
    a: tuple[Plug, ...]
    b: tuple[Plug, ...]

    @property
    def racks(self) -> tuple[str, str]:
        """The racks of its first plugs, in the order in which bundles name them."""
        a, b = self.a[0].mount.rack, self.b[0].mount.rack
        return (a, b) if a <= b else (b, a)


def list_pieces(plan: SitePlan) -> Iterator[Piece]:
    """Yield every piece of cable once, in the order of the plan's links."""
    mounts = mounts_of(plan)
    links: dict[str, list[Link]] = {}
    for link in plan.links:
        links.setdefault(link.piece, []).append(link)
    for name, inside in links.items():
        yield Piece(
            name=name,
            links=tuple(inside),
            a=_plugs([link.a for link in inside], mounts),
            b=_plugs([link.b for link in inside], mounts),
        )


def mounts_of(plan: SitePlan) -> Mapping[str, Mount]:
    """Return where each device with ports is, as its cables were measured.

    PDUs are half-way up their rack, CDUs on the floor at the foot of one that they serve.
    """
    heights = {rack.name: rack.height_units for rack in plan.racks}
    pdus = {pdu.name: _beside(pdu.rack, heights[pdu.rack] // 2) for pdu in plan.pdus}
    cdus = {loop.cdu: _beside(loop.racks[0], 1) for loop in plan.loops}
    return pdus | cdus | {one.name: one.mount for one in list_devices(plan)}


def _beside(rack: str, unit: int) -> Mount:
    return Mount(rack=rack, lowest_unit=unit, height_units=0)


def label(near: Plug, far: Sequence[Plug]) -> str:
    """Return the text of the label at a plug: here, then there. No two plugs have the same."""
    return f"{near.name} → {' + '.join(plug.name for plug in far)}"


def _plugs(ends: Sequence[LinkEnd], mounts: Mapping[str, Mount]) -> tuple[Plug, ...]:
    """Gather ports of one cage, as front panels name them, into one plug."""
    if len(ends) == 1:
        end = ends[0]
        return (Plug(device=end.device, port=end.port, mount=mounts[end.device]),)
    return tuple(
        Plug(device=device, port="+".join(end.port for end in inside), mount=mounts[device])
        for (device, _), inside in groupby(ends, key=_cage)
    )


def _cage(end: LinkEnd) -> tuple[str, str]:
    return end.device, end.port.rpartition("/")[0] or end.port
