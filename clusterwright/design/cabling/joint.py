"""Two ports that a fabric wants joined."""

from dataclasses import dataclass

from clusterwright.design.plan import LinkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A link before it has a length; `cable` is a model of the catalogue, `a` the lower tier."""

    fabric: str
    tier: str
    a: LinkEnd
    b: LinkEnd
    cable: str
