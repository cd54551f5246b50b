"""Coolant: the units that distribute it, and what flows."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from clusterwright.catalogue.entries.base import Entry, Figures
from clusterwright.catalogue.entries.power import PowerSupplies


class Pumps(Figures):
    """The pumps of a CDU: it carries its capacity on `needed` of `count`."""

    count: PositiveInt
    needed: PositiveInt

    @model_validator(mode="after")
    def _needed_exist(self) -> Self:
        if self.needed > self.count:
            raise ValueError(f"needs {self.needed} pumps but has {self.count}")
        return self


class Cdu(Entry):
    """A coolant distribution unit and the limits of its set points."""

    manufacturer: str = ""
    placement: Literal["in-rack", "in-row"] = "in-rack"
    capacity_watts: PositiveInt
    height_units: int = Field(ge=0)
    """0 stands on the floor beside the racks."""
    width_mm: PositiveInt | None = None
    depth_mm: PositiveInt | None = None
    weight_kg: PositiveFloat | None = None
    power_max_watts: PositiveInt | None = None
    power_supplies: PowerSupplies | None = None
    supply_temperature_min_c: float | None
    supply_temperature_max_c: float | None
    differential_pressure_max_kpa: PositiveFloat | None = None
    flow_max_lpm: PositiveFloat | None = None
    flow_lpm_per_kw: PositiveFloat | None = None
    """The flow at which it carries its capacity."""
    approach_k: PositiveFloat | None = None
    """How much warmer than the facility's water its supply is, at capacity."""
    pumps: Pumps | None = None


class CoolantPoint(Figures):
    """Properties at one temperature."""

    temperature_c: float
    density_kg_per_m3: PositiveFloat
    specific_heat_kj_per_kg_k: PositiveFloat


class Coolant(Entry):
    """A fluid that carries heat away, in a loop or in an immersion tank."""

    kind: Literal["water", "glycol", "fluorocarbon", "hydrocarbon"]
    points: tuple[CoolantPoint, ...] = Field(min_length=1)
    boiling_c: float | None = None
    dielectric: bool
    global_warming_potential: PositiveInt | None = None
    additive_percent_min: PositiveFloat | None = None
    """Of glycol, in a loop that is ready for use."""
    additive_percent_max: PositiveFloat | None = None
    ph_min: PositiveFloat | None = None
    ph_max: PositiveFloat | None = None
    conductivity_us_per_cm_max: PositiveFloat | None = None

    def watts_per_lpm_k(self, temperature_c: float) -> float:
        """Heat that one litre a minute carries for each kelvin, at the nearest known point."""
        point = min(self.points, key=lambda one: abs(one.temperature_c - temperature_c))
        return point.density_kg_per_m3 * point.specific_heat_kj_per_kg_k / 60
