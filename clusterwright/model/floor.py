"""Where racks stand, and where in them devices must sit."""

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from clusterwright.model.base import Model, Name


class Row(Model):
    """Racks side by side, from west to east."""

    name: Name
    racks: tuple[Name, ...] = Field(min_length=1)
    """CDUs that stand on the floor may be named among them."""
    feed_limit_kw: PositiveFloat | None = None
    """What each feed may give the row for hours: its busway or panel."""


class Tile(Model):
    """A tile of a raised floor, square."""

    side_mm: PositiveInt = 600
    load_max_kg: PositiveFloat
    """Spread evenly over it."""


class Floor(Model):
    """Where the racks stand. Rows follow each other from north to south, fronts to cold aisles.

    The first row faces south, the second north, and so on: so every other aisle is cold.
    """

    rows: tuple[Row, ...] = ()
    """By default, one row of all racks in the order in which they are named."""
    cold_aisle_m: PositiveFloat = 1.2
    hot_aisle_m: PositiveFloat = 1.2
    tile: Tile | None = None
    """None is a solid floor: it carries whatever racks carry."""


class Pin(Model):
    """A device's place in its rack, where the operator wants to choose it."""

    at: PositiveInt
    """Its lowest rack unit; 1 is the floor."""
    face: Literal["front", "rear"] | None = None
    """Where its own front is."""
