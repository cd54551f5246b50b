"""Cabinets, and tanks that hold servers in a fluid."""

from pydantic import PositiveFloat, PositiveInt

from clusterwright.catalogue.entries.base import Entry, Figures


class Immersion(Figures):
    """What a tank takes away, and the fluid that it is filled with."""

    coolant: str
    heat_max_watts: PositiveInt | None
    supply_max_c: float | None = None


class RackModel(Entry):
    """A cabinet, or an immersion tank of so many rack units side by side."""

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
    immersion: Immersion | None = None
