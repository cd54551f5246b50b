"""Where things stand."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["north", "south"]
Face = Literal["front", "rear"]
"""Of a rack: its front is the side of the cold aisle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """Where in a rack something sits: its lowest rack unit (1 is the floor) and its height.

    In a tank, units count from its west end. `face` is the side of the rack to which the device's
    own front looks: a switch whose ports are to be where the servers' ports are stands at the rear.
    """

    rack: str
    lowest_unit: int
    height_units: int
    face: Face = "front"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Rack units with nothing in them, next to each other: they take blanking panels in front."""

    lowest_unit: int
    height_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SideMount:
    """A device of 0 rack units, upright at one side of the rear; `place` counts from the wall."""

    device: str
    side: Literal["left", "right"]
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorPlace:
    """A device that stands in a row beside racks; its footprint is None where nobody says."""

    name: str
    row: str
    place: int
    x_mm: int
    y_mm: int
    width_mm: int | None
    depth_mm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What is no host, switch, PDU or shelf of the plan: a CDU, a part of a rack-scale system.

    It has a mount in a rack, or a place on the floor.
    """

    name: str
    kind: Literal[
        "cdu", "nvlink-switch", "switch", "power-shelf", "node", "host", "storage", "panel"
    ]
    model: str
    mount: Mount | None
    floor: FloorPlace | None
    weight_kg: float | None
    power_watts: int
    liquid_watts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack:
    """A cabinet or tank: its place on the floor, what stands in it, what that draws and weighs.

    `x_mm` and `y_mm` are its north-west corner; `front` is where its cold side looks. Watts are
    nameplate maxima. `weight_kg` is that of the rack with all that is in it, None where the
    catalogue lacks a figure.
    """

    name: str
    model: str
    row: str
    place: int
    x_mm: int
    y_mm: int
    width_mm: int
    depth_mm: int
    front: Direction
    height_units: int
    power_watts: int
    power_limit_watts: int
    liquid_watts: int
    air_watts: int
    weight_kg: float | None = None
    tank: bool = False
    gaps: tuple[Gap, ...] = ()
    sides: tuple[SideMount, ...] = ()

    def aisle(self, face: Face) -> Direction:
        """Say on which side of the row a face of this rack is."""
        if face == "front":
            return self.front
        return "south" if self.front == "north" else "north"
