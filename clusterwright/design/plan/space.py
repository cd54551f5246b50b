"""Where things stand."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["north", "south"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """Where in a rack something sits: its lowest rack unit (1 is the floor) and its height."""

    rack: str
    lowest_unit: int
    height_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack:
    """A cabinet: its place on the floor, and what it is planned to draw (nameplate maxima).

    `x_mm` and `y_mm` are its north-west corner; `front` is where its cold side looks.
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
