"""Fabrics of leaves and spines, as the operator asks for them: compute and storage."""

from typing import Literal, Self

from pydantic import Field, PositiveInt, model_validator

from clusterwright.model.base import Model, Name
from clusterwright.model.cabling import CableChoice
from clusterwright.model.ethernet import InbandNetwork, OobNetwork
from clusterwright.model.ratio import Ratio

Kind = Literal["ufm", "storage", "gateway", "management"]
"""What a host beside the nodes is for. In a storage fabric UFM and management take ports, but no
uplinks: what they move is little."""


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
    kind: Kind
    ports: PositiveInt = 2
    """Into each plane."""
    unit: Name | None = None
    """The scalable unit whose leaves it takes ports of; by default the first one."""
    shared_with: tuple[Name, ...] = ()
    """Hosts that have a part of each of these ports, by a splitter: two UFM appliances, say."""
    cable: str | None = None
    """Its own: the splitter of ports that are shared, by fibre, or of a cage, by plugs."""

    @model_validator(mode="after")
    def _sharing_takes_a_splitter(self) -> Self:
        if bool(self.shared_with) != bool(self.cable):
            raise ValueError(
                f"{self.host} must give shared_with and cable together, because ports are shared "
                "by a splitter: write the other, too"
            )
        return self


class ClosFabric(Model):
    """Leaves, spines and, where these do not suffice, cores."""

    kind: Literal["infiniband", "ethernet"]
    switch: str
    cable: CableChoice
    oversubscription: Ratio = 1.0
    """Bandwidth below a leaf over bandwidth above it; 1.0 is non-blocking."""
    tiers: Literal["auto", 1, 2, 3] = "auto"
    """`auto` takes the fewest that join all leaves: two leaves are joined without a spine."""
    breakout: Literal[1, 2, 4, 8] = 1
    """Into how many links each port of a switch is split."""
    uplink_breakout: Literal[1, 2, 4, 8] | None = None
    """The same between switches, where that is less."""
    spine_switch: str | None = None
    """Of spines and cores, where that is another model; its ports are split to the same speed."""
    spine_oversubscription: Ratio = 1.0
    """In three tiers, bandwidth below a spine over bandwidth above it."""
    least_spines: PositiveInt = 1
    """Spines that a group has at least, for as many ways between its leaves."""
    uplink_cable: CableChoice | None = None
    """Between switches, where that is another one than `cable`."""
    rails_per_leaf: PositiveInt = 1
    reserved_leaf_ports: int = Field(default=0, ge=0)
    """Ports of every leaf that are kept for hosts to be attached later."""
    build_for_units: PositiveInt | None = None
    """Scalable units that the spines are designed for, bought or not; by default those named."""
    attached: tuple[Attached, ...] = ()
    racks: tuple[Name, ...] = Field(min_length=1)
    """Where its switches stand, filled evenly in the order given."""
    spine_racks: tuple[Name, ...] = ()
    """Where those above the leaves stand, if apart: then racks can be added to either without
    moving a switch, as long as each takes as many as before."""

    @model_validator(mode="after")
    def _uplinks_are_no_finer(self) -> Self:
        if self.uplink_breakout and self.uplink_breakout > self.breakout:
            raise ValueError(
                f"uplink_breakout: {self.uplink_breakout} splits ports finer between switches than "
                f"towards nodes: write at most {self.breakout}"
            )
        return self


class ComputeFabric(ClosFabric):
    """The network that joins the GPUs."""

    shape: Literal["rail-optimised", "node-aligned"] = "rail-optimised"
    """Whether a rail of a unit has a leaf of its own, or all ports of a node are on one leaf."""
    node_gbps: PositiveInt | None = None
    """What nodes' ports run at in each plane, where that is less than they could."""
    nodes_per_leaf: PositiveInt | None = None
    """In a node-aligned fabric, nodes that share a leaf at most: those of a rack, say."""
    planes: int = Field(default=1, ge=1, le=8)
    """Equal fabrics side by side; a NIC has a port in each, and they share no link."""
    groups: Groups | None = None

    @model_validator(mode="after")
    def _keys_that_mean_nothing_together(self) -> Self:
        if self.groups and self.tiers in (1, 2):
            raise ValueError(
                f"groups share spines, but with tiers: {self.tiers} all leaves do: leave out "
                "groups, or write tiers: 3"
            )
        if self.rails_per_leaf > 1 and self.shape == "node-aligned":
            raise ValueError(
                f"rails_per_leaf: {self.rails_per_leaf} is of rail-optimised fabrics, but in a "
                "node-aligned one all rails of a node share a leaf: leave it out"
            )
        if self.nodes_per_leaf and self.shape == "rail-optimised":
            raise ValueError(
                f"nodes_per_leaf: {self.nodes_per_leaf} is of node-aligned fabrics, but in a "
                "rail-optimised one all nodes of a unit share its leaves: leave it out, or write "
                "shape: node-aligned"
            )
        return self


class Appliances(Model):
    """How the storage servers of `storage` join the storage fabric: never oversubscribed."""

    leaves: int | None = Field(default=None, ge=0)
    """Leaves of their own; by default as few pairs as do, with 0 they share those of the nodes."""
    breakout: Literal[1, 2, 4, 8] | None = None
    """Into how many links a port of their leaves is split; by default as for the nodes."""
    cable: CableChoice | None = None
    """By default that of the nodes."""
    build_for_ports: PositiveInt | None = None
    """Ports that their leaves and the spines are designed for; by default those of `storage`."""


class StorageFabric(ClosFabric):
    """The network between nodes and storage; `oversubscription` is that of the nodes' leaves."""

    appliances: Appliances = Appliances()


class Fabrics(Model):
    """The networks of the site."""

    compute: ComputeFabric
    storage: StorageFabric | None = None
    inband: InbandNetwork
    oob: OobNetwork
