"""Racks that are bought whole: trays on a busbar, joined by NVLink."""

from typing import Literal, Self, get_args

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from clusterwright.catalogue.entries.base import Entry, Figures
from clusterwright.catalogue.entries.server import Air, Liquid


class Trays(Figures):
    """Equal trays of a rack; `model` is a server where an OS runs on them."""

    model: str
    count: PositiveInt


class SwitchTrays(Figures):
    """The NVLink switches of a rack."""

    count: PositiveInt
    height_units: PositiveInt
    chips: PositiveInt
    power_max_watts: PositiveInt | None = None


Part = Literal["compute_trays", "nvlink_trays", "power_shelves", "management_switches"]


class Block(Figures):
    """Parts of one kind on top of each other."""

    part: Part
    count: PositiveInt


class RackSystem(Entry):
    """A rack with everything in it, one NVLink domain."""

    manufacturer: str
    rack: str
    compute_trays: Trays
    nvlink_trays: SwitchTrays
    power_shelves: Trays
    management_switches: Trays | None = None
    layout: tuple[Block, ...]
    """From the floor upwards."""
    nvlink_gpus: PositiveInt
    """GPUs in one NVLink domain."""
    nvlink_tbytes_per_s: PositiveFloat | None = None
    rails: PositiveInt
    """Compute NICs of a tray: each rail has a leaf of its own per rack."""
    weight_kg: PositiveFloat | None = None
    power_max_watts: PositiveInt | None
    power_design_watts: PositiveInt | None = None
    """What racks, shelves and cooling are laid out for."""
    power_peak_factor: PositiveFloat | None = None
    """Short peaks over the GPUs' power, as a multiple of it."""
    liquid_watts: int | None = Field(ge=0)
    liquid: Liquid = Liquid()
    """Of the whole rack."""
    air: Air = Air()
    """Of the whole rack."""

    @model_validator(mode="after")
    def _layout_has_all_parts(self) -> Self:
        for part in get_args(Part):
            trays = getattr(self, part)
            laid = sum(block.count for block in self.layout if block.part == part)
            if laid != (trays.count if trays else 0):
                raise ValueError(
                    f"layout has {laid} {part}, but {trays.count if trays else 0} are given: "
                    "correct one of them"
                )
        return self
