"""Loops of coolant with their CDUs, as the operator asks for them."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

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


class LoopPumps(Model):
    """The pumps of every CDU of a loop."""

    run: PositiveInt | None = None
    """How many share the work; by default, all that the CDU has."""
    redundancy: Literal["n", "n+1"] | None = None
    """Whether one more must be able to run than is needed: by default where there is one more."""


class LeakReaction(Model):
    """What devices do by themselves when they find a leak; what is not given is left alone."""

    nodes: Literal["none", "graceful-shutdown", "force-off"] | None = None
    cdus: Literal["none", "close-valve"] | None = None
    """A CDU that closes its valve stops its pumps, too."""
    delay_s: int = Field(default=0, ge=0, le=3600)


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
    pumps: LoopPumps = LoopPumps()
    valves: dict[Name, Literal["open", "closed"]] = Field(default={})
    """By rack, and under the loop's own name that of its CDUs; others are left as they are."""
    leak: LeakReaction | None = None
    """By default, what all loops do."""

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
