"""What stands in a rack, as space, power and cooling see it."""

from dataclasses import dataclass
from typing import Literal

from clusterwright.catalogue.entry import Air, Liquid, PowerSupplies
from clusterwright.design.seats import Spread
from clusterwright.errors import DefinitionPath

Kind = Literal["node", "host", "switch", "cdu", "power-shelf", "nvlink-switch", "storage", "panel"]

_NO_AIR, _NO_LIQUID = Air(), Liquid()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupant:
    """One device in a rack. `from_top` devices fill a rack downwards, others from the floor.

    One that is not `present` keeps its rack units, outlets and watts for what may come: a switch of
    a later unit, the node of a hole. Of 0 rack units, it stands on the floor beside the rack.
    """

    name: str
    kind: Kind
    model: str
    rack: str
    height_units: int
    power_watts: int
    liquid_watts: int
    supplies: PowerSupplies | None
    from_top: bool
    path: DefinitionPath
    weight_kg: float | None = None
    depth_mm: float | None = None
    rear: bool = False
    """Whether its own front looks to the rear of the rack."""
    busbar: bool = False
    """Whether it is fed by the rack's busbar."""
    immersible: bool | None = None
    """Whether it may stand in a dielectric fluid."""
    air: Air = _NO_AIR
    liquid: Liquid = _NO_LIQUID
    present: bool = True
    late: bool = False
    """Whether it comes after all others of its rack, because nobody expected it."""
    system: str = ""
    """The rack-scale system that it comes with: its maker gives figures for the whole rack."""
    fixed_at: int | None = None
    """Its lowest rack unit, where the maker of a whole rack has chosen it."""
    spread: Spread | None = None
    """Of a node: the group whose share of the rack it is part of."""
    unknown: tuple[str, ...] = ()
    """Keys of its catalogue entry without a figure; the watts of such a one are 0 here."""

    @property
    def built_in(self) -> bool:
        """Whether it comes with a rack that is bought whole."""
        return self.fixed_at is not None

    @property
    def known_as(self) -> str:
        """The entry of the catalogue that has its figures."""
        return self.system or self.model

    @property
    def air_watts(self) -> int:
        """Heat that leaves by air; all that is drawn becomes heat."""
        return self.power_watts - self.liquid_watts
