"""Racks, feeds of power, loops of coolant, as the operator asks for them."""

from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from clusterwright.model.base import Model, Name
from clusterwright.model.cabling import Trays
from clusterwright.model.cooling import Cooling
from clusterwright.model.floor import Floor, Pin
from clusterwright.model.power import Feed, FeedName, Keep, PowerRules, RackPdus, RackShelves


class RackGroup(Model):
    """Cabinets of one model, with one limit of power each (what the room can feed and cool)."""

    model: str = ""
    """Not needed where a `system` says it."""
    system: str | None = None
    """A rack that is bought whole, with its trays, switches and shelves."""
    names: tuple[Name, ...] = Field(min_length=1)
    power_limit_kw: PositiveFloat
    air_limit_kw: PositiveFloat | None = None
    """Heat to air that the room takes from each; by default, its power is the only limit."""
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

    @model_validator(mode="after")
    def _a_cabinet_or_a_whole_rack(self) -> Self:
        if bool(self.model) == (self.system is not None):
            raise ValueError(
                f"racks {self.names[0]} … must give either model or system, because a system comes "
                "with its cabinet: write one of them"
            )
        return self


class Facility(Model):
    """What the building gives."""

    feeds: tuple[Feed, ...] = Field(min_length=1)
    racks: tuple[RackGroup, ...] = Field(min_length=1)
    power: PowerRules = PowerRules()
    floor: Floor = Floor()
    cooling: Cooling = Cooling()
    trays: Trays = Trays()
    mounts: dict[Name, Pin] = Field(default={})
    """Devices whose rack units are chosen by hand; all others are arranged around them."""

    @property
    def rack_names(self) -> tuple[str, ...]:
        return tuple(name for group in self.racks for name in group.names)


class ManagementServer(Model):
    """A host that runs the site's services; it is installed by hand."""

    name: Name
    server: str
    rack: Name


class Group(Model):
    """Equal nodes of a scalable unit. They fill their racks in the order given.

    Each rack takes its even share of what the group is built for.
    """

    server: str = ""
    """Not needed in racks of a `system`: its trays are the nodes."""
    count: int = Field(default=0, ge=0)
    """In racks of a `system`, by default all trays."""
    build_for: PositiveInt | None = None
    """Nodes whose names, rack units, watts and outlets are kept, bought or not.

    By default, nothing is kept beyond `count`, and the last group may grow as far as its unit.
    """
    racks: tuple[Name, ...] = Field(min_length=1)
    pool: Name

    @model_validator(mode="after")
    def _built_for_all(self) -> Self:
        if self.build_for is not None and self.build_for < self.count:
            raise ValueError(
                f"the group is built for {self.build_for} nodes, but asks for {self.count}: "
                f"build for at least {self.count}"
            )
        return self

    @property
    def places(self) -> int:
        """How many indices of its unit it has."""
        return self.build_for or self.count


class ScalableUnit(Model):
    """The block of nodes that shares a set of leaves."""

    name: Name
    build_for: PositiveInt
    """Nodes the unit's fabric and addresses are designed for, bought or not."""
    groups: tuple[Group, ...] = Field(min_length=1)
    """Their counts include the nodes of `holes`."""
    holes: tuple[Name, ...] = ()
    """Nodes taken out: nothing moves into their places, addresses, outlets and ports."""

    @property
    def indices(self) -> tuple[range, ...]:
        """The indices, from 1, of the nodes that each group asks for."""
        ranges, first = [], 1
        for group in self.groups:
            ranges.append(range(first, first + group.count))
            first += group.places
        return tuple(ranges)
