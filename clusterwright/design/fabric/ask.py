"""What is asked of a fabric: switches of one kind, units of nodes, in plain numbers."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal

Shape = Literal["rail-optimised", "node-aligned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAsk:
    """A scalable unit as the fabric sees it: figures are per plane.

    `rails` are the ports of a node; `guest_ports` are taken by what is no node: UFM, storage, a
    gateway.
    """

    name: str
    build_for: int
    rails: int
    guest_ports: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Whose leaves share spines in three tiers: so many units, and so many of the unit's leaves."""

    units: int
    leaves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAsk:
    """Servers that are no nodes and have leaves of their own, which are never oversubscribed.

    `ports` are all of theirs as built for; a switch's port takes `split` of them. `leaves` is as
    asked for, or None for as few pairs as do.
    """

    ports: int
    split: int = 1
    leaves: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricAsk:
    """Everything that decides how many switches there are and which port goes where.

    `ports` are those of a switch as links between switches use them; towards nodes each may be
    split further, and where it is, a cage (of `cage_ports`) is split as a whole.
    `build_for_units` counts units that are yet to come, too; 0 where nobody says how many. Planes
    are equal and share no link.
    """

    name: str = "compute"
    ports: int
    units: tuple[UnitAsk, ...]
    pool: PoolAsk | None = None
    build_for_units: int = 0
    oversubscription: Fraction = Fraction(1)
    shape: Shape = "rail-optimised"
    rails_per_leaf: int = 1
    reserved_leaf_ports: int = 0
    tiers: Literal["auto", 1, 2, 3] = "auto"
    grouping: Grouping | None = None
    planes: int = 1
    split: int = 1
    cage_ports: int = 1

    @property
    def built_units(self) -> int:
        """Units that the spines are designed for, bought or not."""
        return max(len(self.units), self.build_for_units)

    @property
    def most_downlinks(self) -> int:
        """Ports of a leaf that can face nodes and guests without breaking the oversubscription."""
        ratio = self.oversubscription
        return self.split * self.whole_cages(floor(self.ports * ratio / (1 + ratio)))

    @property
    def own(self) -> str:
        """What names of switches begin with: nothing in the compute fabric."""
        return "" if self.name == "compute" else f"{self.name}-"

    def whole_cages(self, ports: int) -> int:
        """Return how many of these ports can be split: none of a cage that the others share."""
        return whole_cages(ports, self.split, self.cage_ports)

    def ports_below(self, downlinks: int) -> int:
        """Return how many ports of a leaf so many links to nodes and guests occupy."""
        return ports_below(downlinks, self.split, self.cage_ports)


def whole_cages(ports: int, split: int, cage_ports: int) -> int:
    """Return how many of these ports can be split: none of a cage that the others share."""
    return ports - ports % cage_ports if split > 1 else ports


def ports_below(links: int, split: int, cage_ports: int) -> int:
    """Return how many ports so many links occupy, where a cage is split as a whole."""
    return links if split == 1 else -(-links // (split * cage_ports)) * cage_ports
