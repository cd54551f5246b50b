"""What is asked of a fabric: switches of one kind, units of nodes, in plain numbers."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal

Shape = Literal["rail-optimised", "node-aligned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestAsk:
    """What one plug at a leaf takes that is no node's: of UFM, storage, a gateway.

    It takes a port, or its cage as a whole; `paired` is a port whose neighbour in the cage should
    be another one of its kind. One that does not `count` needs no port above.
    """

    takes: Literal["port", "paired", "cage"] = "port"
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAsk:
    """A scalable unit as the fabric sees it: figures are per plane; `rails` are a node's ports."""

    name: str
    build_for: int
    rails: int
    guests: tuple[GuestAsk, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Whose leaves share spines in three tiers: so many units, and so many of the unit's leaves."""

    units: int
    leaves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAsk:
    """Servers that are no nodes and have leaves of their own, which are never oversubscribed.

    `ports` are all of theirs as built for; a switch's port takes `split` of them, and runs at one
    part in `slowed` of what it could. `leaves` is as asked for, or None for as few pairs as do.
    """

    ports: int
    split: int = 1
    slowed: int = 1
    leaves: int | None = None
    cage_cables: bool = False
    """Whether a plug of their cables fills a cage."""

    @property
    def apart(self) -> bool:
        """Whether a cage is either theirs or of links between switches."""
        return self.split > 1 or self.cage_cables


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """The switches above the leaves: spines and cores are of one model.

    `ports` are those of one as links between switches use them. `oversubscription` is that of a
    spine in three tiers; a group has at least `least_spines`.
    """

    ports: int
    cage_ports: int = 1
    oversubscription: Fraction = Fraction(1)
    least_spines: int = 1

    @property
    def room(self) -> int:
        """Ports of a spine that can face leaves where cores stand above it."""
        return floor(self.ports * self.oversubscription / (1 + self.oversubscription))


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricAsk:
    """Everything that decides how many switches there are and which port goes where.

    `ports` are those of a leaf as links between switches use them; towards nodes each may be
    split further, and where it is, a cage (of `cage_ports`) is split as a whole. Without `above`
    spines and cores are switches like the leaves.
    `build_for_units` counts units that are yet to come, too; 0 where nobody says how many. Planes
    are equal and share no link.
    """

    name: str = "compute"
    ports: int
    above: Above | None = None
    units: tuple[UnitAsk, ...]
    pool: PoolAsk | None = None
    build_for_units: int = 0
    oversubscription: Fraction = Fraction(1)
    shape: Shape = "rail-optimised"
    rails_per_leaf: int = 1
    nodes_per_leaf: int | None = None
    """In a node-aligned fabric, where that is less than have ports."""
    reserved_leaf_ports: int = 0
    tiers: Literal["auto", 1, 2, 3] = "auto"
    grouping: Grouping | None = None
    planes: int = 1
    split: int = 1
    cage_ports: int = 1

    @property
    def spine(self) -> Above:
        """What stands above the leaves."""
        return self.above or Above(ports=self.ports, cage_ports=self.cage_ports)

    @property
    def built_units(self) -> int:
        """Units that the spines are designed for, bought or not."""
        return max(len(self.units), self.build_for_units)

    @property
    def most_downlinks(self) -> int:
        """Ports of a leaf that can face nodes and guests without breaking the oversubscription."""
        ratio = self.oversubscription
        return self.split * self.whole(floor(self.ports * ratio / (1 + ratio)))

    @property
    def own(self) -> str:
        """What names of switches begin with: nothing in the compute fabric."""
        return "" if self.name == "compute" else f"{self.name}-"

    @property
    def apart(self) -> int:
        """Ports that are all below or all above a leaf: those of a cage that takes one cable."""
        of_cages = (guest.takes != "port" for unit in self.units for guest in unit.guests)
        return self.cage_ports if self.split > 1 or any(of_cages) else 1

    def guest_ports(self, unit: int) -> int:
        """Return how many ports the guests of a unit take."""
        cage = self.cage_ports * self.split
        return sum(cage if one.takes == "cage" else 1 for one in self.units[unit].guests)

    def whole(self, ports: int) -> int:
        """Return how many of these ports can be below: none of a cage that others share."""
        return whole_cages(ports, self.apart)

    def ports_below(self, downlinks: int) -> int:
        """Return how many ports of a leaf so many links to nodes and guests occupy."""
        return ports_below(downlinks, self.split, self.apart)


def whole_cages(ports: int, cage_ports: int) -> int:
    """Round ports down to whole cages."""
    return ports - ports % cage_ports


def ports_below(links: int, split: int, cage_ports: int) -> int:
    """Return how many ports so many links occupy, cages taken as a whole."""
    return -(-links // (split * cage_ports)) * cage_ports
