"""The in-band and out-of-band networks, as the operator asks for them."""

from ipaddress import IPv4Network
from typing import ClassVar, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from clusterwright.model.base import Model, Name
from clusterwright.model.cabling import CableChoice
from clusterwright.model.ratio import Ratio


class EthernetNetwork(Model):
    """An Ethernet network that addresses are taken from.

    Without a `switch` its switches are somebody else's, and no cable of it is planned.
    """

    kind: Literal["ethernet"]
    prefix: IPv4Network
    switch: str | None = None
    cable: CableChoice | None = None
    """From hosts to switches."""
    uplink_cable: CableChoice | None = None
    """Between switches, where that is another one than `cable`."""
    racks: tuple[Name, ...] = ()
    """Where its switches stand, dealt out in turn."""

    needed: ClassVar[tuple[str, ...]] = ("cable",)

    @model_validator(mode="after")
    def _a_switch_and_what_it_needs(self) -> Self:
        given = self.model_dump(exclude={"kind", "prefix", "switch"}, exclude_defaults=True)
        if self.switch is None and given:
            raise ValueError(
                f"{min(given)} is of a network with switches, but no switch is given: write "
                "switch, or leave it out"
            )
        missing = [key for key in self.needed if self.switch and not getattr(self, key)]
        if missing:
            raise ValueError(
                f"a network of {self.switch} needs {' and '.join(missing)}: write "
                f"{'them' if len(missing) > 1 else 'it'}, or leave out switch"
            )
        return self


class HostPorts(Model):
    """Ports of a management host, where the catalogue does not say how many it has."""

    host: Name
    """One of `management`."""
    ports: PositiveInt = 2


class Handover(Model):
    """Uplinks to whoever is around the site; they end at a panel in a rack of the site."""

    panel: Name = "handover"
    rack: Name
    links: PositiveInt = 2
    cable: CableChoice


class InbandNetwork(EthernetNetwork):
    """The network that hosts boot, log in and are managed over: bonds over pairs of leaves."""

    peer_cable: CableChoice | None = None
    """Between the two leaves of a pair; by default as between switches."""
    peer_links: PositiveInt = 2
    """Between the two leaves of a pair."""
    breakout: Literal[1, 2, 4, 8] = 1
    """Into how many links a port towards hosts is split."""
    leaves: PositiveInt | None = None
    """Leaves that the network is built for; by default as few pairs as do."""
    tiers: Literal["auto", 2, 3] = "auto"
    """`auto` takes the fewest that join all leaves: in three, spines stand between leaves and
    cores."""
    cores: int | None = Field(default=None, ge=0)
    """What joins the pairs; by default two where there are several pairs, else none. In three
    tiers there are as few as do."""
    core_switch: str | None = None
    """Of cores, and of spines in three tiers, where that is another model than `switch`."""
    leaf_uplinks: PositiveInt | None = None
    """Links of a leaf to all cores; by default two to each."""
    oversubscription: Ratio | None = None
    """In place of `leaf_uplinks`."""
    attached: tuple[HostPorts, ...] = ()
    uplinks: Handover | None = None

    needed: ClassVar[tuple[str, ...]] = ("cable", "racks")

    @model_validator(mode="after")
    def _leaves_in_pairs(self) -> Self:
        if self.leaves and self.leaves % 2:
            raise ValueError(
                f"leaves: {self.leaves} leaves one without its other: bonds end at two leaves, "
                f"write {self.leaves + 1}"
            )
        if self.cores is not None and self.tiers == 3:
            raise ValueError(
                f"cores: {self.cores} is of two tiers, but tiers: 3 has as few as do: leave out one"
            )
        if self.leaf_uplinks and self.oversubscription:
            raise ValueError(
                "leaf_uplinks and oversubscription both say how many uplinks a leaf has: leave "
                "out one"
            )
        return self


class OobNetwork(EthernetNetwork):
    """The network of controllers: BMCs, PDUs, CDUs, and the management ports of switches."""

    racks_per_switch: PositiveInt | None = None
    """Racks in a row that share a management switch; by default as many as it has ports for."""
    reserved_ports: int = Field(default=4, ge=0)
    """Ports of every management switch that no rack is given for what surely stands in it: they are
    for management hosts and storage to come."""
    back_to_back: tuple[tuple[Name, Name], ...] = ()
    """Management hosts with a cable between them, for their heartbeat: two UFM appliances, say."""
