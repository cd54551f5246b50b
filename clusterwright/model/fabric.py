"""The networks of a site, as the operator asks for them."""

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from clusterwright.model.base import Model, Name
from clusterwright.model.cabling import CableChoice


def _ratio(value: object) -> object:
    """Read `3:1`, which YAML takes for minutes and seconds where it has no quotes."""
    if isinstance(value, int) and value > 60:
        raise ValueError(
            f"{value} is no ratio from 1 to 8: write a number or, in quotes (without them YAML "
            f'reads minutes and seconds), "{value // 60}:{value % 60}"'
        )
    if isinstance(value, str) and value.count(":") == 1:
        below, above = value.split(":")
        if below.isdecimal() and above.isdecimal() and int(above):
            return int(below) / int(above)
    return value


Ratio = Annotated[
    float,
    BeforeValidator(_ratio, json_schema_input_type=Annotated[float, Field(ge=1.0, le=8.0)] | str),
    Field(ge=1.0, le=8.0),
]
"""A number, or two of them in quotes: `3`, `1.5`, `"3:2"`."""


class Groups(Model):
    """Whose leaves share spines in three tiers."""

    units: PositiveInt
    """How many scalable units a group spans."""
    leaves: PositiveInt
    """How many leaves of each; in a rail-optimised fabric, how many of its rails."""


class Attached(Model):
    """A host that is no node and takes ports of leaves."""

    host: Name
    """One of `management`."""
    kind: Literal["ufm", "storage", "gateway"]
    ports: PositiveInt = 2
    """Into each plane."""
    unit: Name | None = None
    """The scalable unit whose leaves it takes ports of; by default the first one."""


class ComputeFabric(Model):
    """The network that joins the GPUs: leaves, spines and, where these do not suffice, cores."""

    kind: Literal["infiniband", "ethernet"]
    switch: str
    cable: CableChoice
    shape: Literal["rail-optimised", "node-aligned"] = "rail-optimised"
    """Whether a rail of a unit has a leaf of its own, or all ports of a node are on one leaf."""
    oversubscription: Ratio = 1.0
    """Bandwidth below a leaf over bandwidth above it; 1.0 is non-blocking."""
    tiers: Literal["auto", 2, 3] = "auto"
    """`auto` adds the third tier when two cannot join all leaves, or when `groups` is given."""
    planes: int = Field(default=1, ge=1, le=8)
    """Equal fabrics side by side; a NIC has a port in each, and they share no link."""
    breakout: Literal[1, 2, 4, 8] = 1
    """Into how many links each port of a switch is split."""
    uplink_breakout: Literal[1, 2, 4, 8] | None = None
    """The same between switches, where that is less."""
    uplink_cable: CableChoice | None = None
    """Between switches, where that is another one than `cable`."""
    rails_per_leaf: PositiveInt = 1
    reserved_leaf_ports: int = Field(default=0, ge=0)
    """Ports of every leaf that are kept for hosts to be attached later."""
    build_for_units: PositiveInt | None = None
    """Scalable units that the spines are designed for, bought or not; by default those named."""
    groups: Groups | None = None
    attached: tuple[Attached, ...] = ()
    racks: tuple[Name, ...] = Field(min_length=1)
    """Where its switches stand, filled in the order given."""

    @model_validator(mode="after")
    def _keys_that_mean_nothing_together(self) -> Self:
        if self.groups and self.tiers == 2:
            raise ValueError(
                "groups share spines, but with tiers: 2 all leaves do: leave out groups, or "
                "write tiers: 3"
            )
        if self.rails_per_leaf > 1 and self.shape == "node-aligned":
            raise ValueError(
                f"rails_per_leaf: {self.rails_per_leaf} is of rail-optimised fabrics, but in a "
                "node-aligned one all rails of a node share a leaf: leave it out"
            )
        if self.uplink_breakout and self.uplink_breakout > self.breakout:
            raise ValueError(
                f"uplink_breakout: {self.uplink_breakout} splits ports finer between switches than "
                f"towards nodes: write at most {self.breakout}"
            )
        return self


class EthernetNetwork(Model):
    """An Ethernet network that addresses are taken from."""

    kind: Literal["ethernet"]
    prefix: IPv4Network


class Fabrics(Model):
    """The networks of the site."""

    compute: ComputeFabric
    inband: EthernetNetwork
    oob: EthernetNetwork
