"""The room's air and water, and the loops of coolant, as the operator asks for them."""

from typing import Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from clusterwright.model.base import Model, Name


class Cdu(Model):
    """A coolant distribution unit.

    One that has rack units stands in a rack; one that has none stands on the floor: where a row
    names it, else at the east end of the row of the loop's first rack.
    """

    name: Name
    model: str
    rack: Name | None = None
    """By default, the first rack of the loop; it means nothing for one on the floor."""


class Loop(Model):
    """A coolant circuit with its CDUs and set points.

    The flow is held either by a differential pressure or by a flow; one of them must be given.
    """

    name: Name
    cdu: Cdu
    further_cdus: tuple[Cdu, ...] = ()
    """More of them on the same circuit; all run and share its heat."""
    redundancy: Literal["n", "n+1"] | None = None
    """Whether the circuit outlives the loss of a CDU: by default where it has several."""
    racks: tuple[Name, ...] = Field(min_length=1)
    coolant: str = "pg25"
    supply_temperature_c: float
    temperature_rise_k: PositiveFloat = 10.0
    """How much warmer it comes back, where a server's maker asks for no flow."""
    differential_pressure_kpa: PositiveFloat | None = None
    flow_lpm: PositiveFloat | None = None
    control_mode: Literal["Automatic", "Manual", "Override"] = "Automatic"

    @model_validator(mode="after")
    def _one_way_to_hold_the_flow(self) -> Self:
        if (self.differential_pressure_kpa is None) == (self.flow_lpm is None):
            raise ValueError(
                f"loop {self.name} must give either differential_pressure_kpa or flow_lpm, "
                "because a CDU holds one of the two: write one of them"
            )
        return self

    @model_validator(mode="after")
    def _a_spare_needs_company(self) -> Self:
        if self.redundancy == "n+1" and not self.further_cdus:
            raise ValueError(
                f"loop {self.name} asks for redundancy n+1, but {self.cdu.name} is its only CDU: "
                "add one under further_cdus, or write n"
            )
        return self

    @property
    def cdus(self) -> tuple[Cdu, ...]:
        return (self.cdu, *self.further_cdus)

    @property
    def spares(self) -> int:
        """How many of its CDUs may fail."""
        return 1 if self.further_cdus and self.redundancy != "n" else 0


class Room(Model):
    """The air that servers breathe and pipes stand in."""

    inlet_c: float
    """In front of the racks."""
    relative_humidity_percent: float | None = Field(default=None, gt=0, le=100)
    """At that temperature."""
    dew_point_c: float | None = None
    """Where that is known instead."""
    dew_point_margin_k: NonNegativeFloat = 2.0
    """How much warmer than it coolant must be."""

    @model_validator(mode="after")
    def _one_word_on_humidity(self) -> Self:
        if (self.relative_humidity_percent is None) == (self.dew_point_c is None):
            raise ValueError(
                "room must give either relative_humidity_percent or dew_point_c, because one "
                "follows from the other: write one of them"
            )
        return self


class FacilityWater(Model):
    """What the building gives to the primary side of CDUs."""

    supply_c: float
    """In the warmest hour."""


class AirHandler(Model):
    """A machine that cools the room's air."""

    name: Name
    capacity_kw: PositiveFloat
    """Sensible, at the room's inlet temperature."""
    flow_cfm: PositiveFloat | None = None


class RoomAir(Model):
    """What carries away the heat that no coolant takes."""

    handlers: tuple[AirHandler, ...] = Field(min_length=1)
    redundancy: Literal["n", "n+1", "n+2"] = "n+1"

    @property
    def spares(self) -> int:
        """How many handlers may fail."""
        return ("n", "n+1", "n+2").index(self.redundancy)


class Cooling(Model):
    """The loops of the site; racks on none are cooled by air alone."""

    room: Room | None = None
    water: FacilityWater | None = None
    loops: tuple[Loop, ...] = ()
    air: RoomAir | None = None
