"""Networks, switches, links."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from clusterwright.design.plan.power import PowerSupply
from clusterwright.design.plan.space import Mount


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """An Ethernet network with the prefix that its addresses come from."""

    name: str
    prefix: IPv4Network
    gateway: IPv4Address


@dataclass(frozen=True, slots=True, kw_only=True)
class NvlinkDomain:
    """Nodes whose GPUs NVLink joins: the trays of an NVL72 rack, or one node by itself."""

    name: str
    """Of the rack or the node."""
    nodes: tuple[str, ...]
    gpus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Where links to the world around the site end, in a rack of the site."""

    name: str
    mount: Mount
    ports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareAddress:
    """The MAC of a port that is known from the record; `name` is what has an address there."""

    name: str
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One switch of a network; `tier` is leaf, spine or core; `rail` is 0 where it has none."""

    name: str
    model: str
    fabric: str
    tier: str
    unit: str
    rail: int
    ports: int
    mount: Mount
    address: IPv4Address
    """Of its management port, on the out-of-band network."""
    power_supplies: tuple[PowerSupply, ...]
    power_supplies_needed: int = 0
    """How many of them carry it; 0 where nobody knows, and then all of them count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnd:
    """A device and the name of one of its ports."""

    device: str
    port: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two named ports, joined; `a` is the lower tier, `cable` a model of the catalogue.

    `piece` names the piece of cable on which the link runs: a splitter carries several links. The
    transceivers at both ends are models, too; empty where the cable brings its plug, or none is
    known.
    """

    fabric: str
    tier: str
    a: LinkEnd
    b: LinkEnd
    piece: str
    cable: str
    speed_gbps: int
    medium: str
    length_m: float
    optic_a: str
    optic_b: str
