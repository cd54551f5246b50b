"""The room's air and water, as the operator asks for them, and what cools the site."""

from typing import Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from clusterwright.model.base import Model, Name
from clusterwright.model.loop import LeakReaction, Loop


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
    leak: LeakReaction | None = None
    """Of every loop that names none of its own; by default, nobody arms anything."""
    air: RoomAir | None = None
