"""Cables as they are bought and pulled: a splitter is one, with all its legs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clusterwright.design.plan import Link, LinkEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One cable; `a` and `b` are the ends of its first leg, `legs` has all its links."""

    name: str
    fabric: str
    tier: str
    cable: str
    length_m: float
    a: LinkEnd
    b: LinkEnd
    legs: tuple[Link, ...]

    @property
    def lower(self) -> Iterator[LinkEnd]:
        return (leg.a for leg in self.legs)

    @property
    def upper(self) -> Iterator[LinkEnd]:
        return (leg.b for leg in self.legs)

    @property
    def identity(self) -> tuple[object, ...]:
        """What is the same in two plans where nothing is done to it."""
        ends = (end for leg in self.legs for end in (leg.a, leg.b))
        return self.cable, self.length_m, *ends


def gather(links: Iterable[Link]) -> tuple[Piece, ...]:
    """Return the pieces that links lie on, in their order."""
    legs: dict[str, list[Link]] = {}
    for link in links:
        legs.setdefault(link.piece, []).append(link)
    return tuple(_piece(name, tuple(inside)) for name, inside in legs.items())


def _piece(name: str, legs: tuple[Link, ...]) -> Piece:
    first = legs[0]
    return Piece(
        name=name,
        fabric=first.fabric,
        tier=first.tier,
        cable=first.cable,
        length_m=first.length_m,
        a=first.a,
        b=first.b,
        legs=legs,
    )
