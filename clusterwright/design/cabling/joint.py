"""Two ports that a fabric wants joined."""

from dataclasses import dataclass

from clusterwright.design.plan import LinkEnd
from clusterwright.errors import DefinitionPath
from clusterwright.model.cabling import CableChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A link before it has a cable; `a` is the lower tier, `path` where `cable` was asked for.

    `speed_gbps` is what the ports run at; 0 is as fast as the cable, which then has to be named.
    """

    fabric: str
    tier: str
    a: LinkEnd
    b: LinkEnd
    cable: CableChoice
    speed_gbps: int = 0
    path: DefinitionPath = ("fabrics", "compute", "cable")
    open: bool = False
    """Whether somebody whose place nobody knows may come to a cage of it."""
