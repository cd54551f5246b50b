"""What stands in a rack, as space, power and cooling see it."""

from dataclasses import dataclass

from clusterwright.catalogue.entry import PowerSupplies
from clusterwright.errors import DefinitionPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupant:
    """One device in a rack. `from_top` devices fill a rack downwards, others from the floor.

    One that is not `present` keeps its rack units, outlets and watts for what may come: a switch of
    a later unit, the node of a hole.
    """

    name: str
    model: str
    rack: str
    height_units: int
    power_watts: int
    liquid_watts: int
    supplies: PowerSupplies | None
    from_top: bool
    path: DefinitionPath
    busbar: bool = False
    """Whether it hangs on the busbar of its rack instead of on outlets."""
    present: bool = True
    unknown: tuple[str, ...] = ()
    """Keys of its catalogue entry without a figure; the watts of such a one are 0 here."""
