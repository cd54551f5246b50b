"""The way of a cable: up the side of its rack, along the trays, down to the other port."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, floor

from clusterwright.design.plan import Mount
from clusterwright.design.racks import RackPlace
from clusterwright.model.cabling import Trays

RACK_UNIT_M = 0.04445


@dataclass(frozen=True, slots=True)
class Routes:
    """How far it is from port to port; ports are taken to be in the middle of a device's front.

    The way between two racks is worked out once, and so is the way up from each device.
    """

    trays: Trays
    racks: Mapping[str, RackPlace]
    mounts: Mapping[str, Mount]
    _tray_m: float
    """Height of the trays over the lowest rack unit."""
    _between_m: dict[tuple[str, str], float] = field(default_factory=dict)
    _up_m: dict[str, float] = field(default_factory=dict)

    def length_m(self, a: str, b: str) -> float:
        """Return the length that a cable between two devices needs, both service loops included."""
        rack_a, rack_b = self.mounts[a].rack, self.mounts[b].rack
        if rack_a == rack_b:
            return self._within_m(a, b)
        return self.up_m(a) + self.between_m(rack_a, rack_b) + self.up_m(b)

    def rack_of(self, device: str) -> str:
        return self.mounts[device].rack

    def up_m(self, device: str) -> float:
        """Return the way from a port to the tray over its rack: to the side, up, to the middle."""
        if device not in self._up_m:
            mount = self.mounts[device]
            sideways = self.racks[mount.rack].model.width_mm / 1000
            height = self._tray_m - _middle_m(mount)
            self._up_m[device] = sideways + height + self.trays.slack_m
        return self._up_m[device]

    def between_m(self, one: str, other: str) -> float:
        """Return the way along the trays between the middles of two racks."""
        key = (one, other)
        if key not in self._between_m:
            self._between_m[key] = self._along_m(self.racks[one], self.racks[other])
        return self._between_m[key]

    def cross_tray_m(self, one: str, other: str) -> float | None:
        """Return which cross tray a cable takes, None where it stays in its row."""
        a, b = self.racks[one], self.racks[other]
        return None if a.row == b.row else self._best_cross_m(_x_m(a), _x_m(b))

    def _within_m(self, a: str, b: str) -> float:
        """Both ports to the same side of the rack, and along it."""
        mount, other = self.mounts[a], self.mounts[b]
        sideways = self.racks[mount.rack].model.width_mm / 1000
        return sideways + abs(_middle_m(mount) - _middle_m(other)) + 2 * self.trays.slack_m

    def _along_m(self, a: RackPlace, b: RackPlace) -> float:
        if a.row == b.row:
            return abs(_x_m(a) - _x_m(b))
        cross = self._best_cross_m(_x_m(a), _x_m(b))
        return abs(_x_m(a) - cross) + abs(_y_m(a) - _y_m(b)) + abs(_x_m(b) - cross)

    def _best_cross_m(self, a: float, b: float) -> float:
        """Return the cross tray that costs the shortest detour; of equal ones the first."""
        every = self.trays.cross_every_m
        # The next ones on both sides of both racks: a tray between the two is no detour.
        near = {side * every for x in (a, b) for side in (floor(x / every), ceil(x / every))}
        crosses = self.trays.cross_m or near
        return min(crosses, key=lambda cross: (abs(a - cross) + abs(b - cross), cross))


def route_over(trays: Trays, racks: Mapping[str, RackPlace], mounts: Mapping[str, Mount]) -> Routes:
    """Lay the trays over the racks."""
    tallest = max(rack.model.height_units for rack in racks.values())
    return Routes(trays, racks, mounts, _tray_m=tallest * RACK_UNIT_M + trays.over_racks_m)


def _middle_m(mount: Mount) -> float:
    return (mount.lowest_unit - 1 + mount.height_units / 2) * RACK_UNIT_M


def _x_m(rack: RackPlace) -> float:
    return (rack.x_mm + rack.model.width_mm / 2) / 1000


def _y_m(rack: RackPlace) -> float:
    return (rack.y_mm + rack.model.depth_mm / 2) / 1000
