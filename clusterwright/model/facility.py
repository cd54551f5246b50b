"""Racks, feeds of power, loops of coolant, as the operator asks for them."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from clusterwright.model.base import Model, Name
from clusterwright.model.cabling import Trays
from clusterwright.model.power import Feed, FeedName, Keep, PowerRules, RackPdus, RackShelves


class RackGroup(Model):
    """Cabinets of one model, with one limit of power each (what the room can feed and cool)."""

    model: str
    names: tuple[Name, ...] = Field(min_length=1)
    power_limit_kw: PositiveFloat
    feeds: tuple[FeedName, ...] = ()
    """Those of the site that reach these racks; by default all."""
    keep: Keep | None = None
    """By default, what the site keeps."""
    pdus: RackPdus | None = None
    """Not needed where everything hangs on the busbar."""
    shelves: RackShelves | None = None
    build_for: PositiveInt | None = None
    """Racks that addresses and management ports are kept for; by default those named."""

    @model_validator(mode="after")
    def _built_for_what_is_there(self) -> Self:
        if self.build_for is not None and self.build_for < len(self.names):
            raise ValueError(
                f"the group is built for {self.build_for} racks, but names {len(self.names)}: "
                f"build for at least {len(self.names)}"
            )
        return self

    @property
    def places(self) -> int:
        """Racks that addresses and management ports are kept for."""
        return self.build_for or len(self.names)


class Cdu(Model):
    """The coolant distribution unit of a loop."""

    name: Name
    model: str


class Loop(Model):
    """A coolant circuit with its CDU and set points.

    The flow is held either by a differential pressure or by a flow; one of them must be given.
    """

    name: Name
    cdu: Cdu
    racks: tuple[Name, ...] = Field(min_length=1)
    supply_temperature_c: float
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


class Cooling(Model):
    """The loops of the site; racks on none are cooled by air alone."""

    loops: tuple[Loop, ...] = ()


class Row(Model):
    """Racks side by side, from west to east."""

    name: Name
    racks: tuple[Name, ...] = Field(min_length=1)
    feed_limit_kw: PositiveFloat | None = None
    """What each feed may give the row for hours: its busway or panel."""


class Floor(Model):
    """Where the racks stand. Rows follow each other from north to south, fronts to cold aisles.

    The first row faces south, the second north, and so on: so every other aisle is cold.
    """

    rows: tuple[Row, ...] = ()
    """By default, one row of all racks in the order in which they are named."""
    cold_aisle_m: PositiveFloat = 1.2
    hot_aisle_m: PositiveFloat = 1.2


class Facility(Model):
    """What the building gives."""

    feeds: tuple[Feed, ...] = Field(min_length=1)
    racks: tuple[RackGroup, ...] = Field(min_length=1)
    power: PowerRules = PowerRules()
    floor: Floor = Floor()
    cooling: Cooling = Cooling()
    trays: Trays = Trays()

    @property
    def rack_names(self) -> tuple[str, ...]:
        return tuple(name for group in self.racks for name in group.names)


class ManagementServer(Model):
    """A host that runs the site's services; it is installed by hand."""

    name: Name
    server: str
    rack: Name


class Group(Model):
    """Equal nodes of a scalable unit, spread evenly over their racks in the order given."""

    server: str
    count: PositiveInt
    racks: tuple[Name, ...] = Field(min_length=1)
    pool: Name


class ScalableUnit(Model):
    """The block of nodes that shares a set of leaves."""

    name: Name
    build_for: PositiveInt
    """Nodes the unit's fabric and addresses are designed for, bought or not."""
    groups: tuple[Group, ...] = Field(min_length=1)
    """Their counts include the nodes of `holes`."""
    holes: tuple[Name, ...] = ()
    """Nodes taken out: nothing moves into their places, addresses, outlets and ports."""
