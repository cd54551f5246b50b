"""Cabinets."""

from pydantic import PositiveFloat, PositiveInt

from clusterwright.catalogue.entries.base import Entry


class RackModel(Entry):
    """A cabinet."""

    manufacturer: str = ""
    part_number: str | None = None
    height_units: PositiveInt
    width_mm: PositiveInt
    depth_mm: PositiveInt
    weight_kg: PositiveFloat | None = None
    load_max_kg: PositiveFloat | None = None
    """What it may carry, standing still."""
    busbar: bool = False
    """Whether it feeds its devices from a busbar instead of outlets."""
