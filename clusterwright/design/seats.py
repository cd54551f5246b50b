"""Which node sits in which rack: the groups of a definition, spread out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Server
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite
from clusterwright.model.facility import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A node before it has addresses: who it is, what it is, which rack it stands in.

    `group_path` is where the definition asks for it. A hole is the place of a node taken out.
    """

    name: str
    unit: str
    unit_ordinal: int
    index: int
    rack: str
    pool: str
    model: str
    server: Server
    group_path: DefinitionPath
    hole: bool


def list_seats(loaded: LoadedSite) -> tuple[Seat, ...]:
    """Return every seat, holes included, unit by unit, group by group."""
    return tuple(_seats(loaded))


def taken(seats: Sequence[Seat]) -> tuple[Seat, ...]:
    """Return the seats that have a node."""
    return tuple(seat for seat in seats if not seat.hole)


def _seats(loaded: LoadedSite) -> Iterator[Seat]:
    for ordinal, unit in enumerate(loaded.site.compute):
        index = 0
        for group_ordinal, group in enumerate(unit.groups):
            for rack in _racks_of(group):
                index += 1
                name = f"{unit.name}-n{index}"
                yield Seat(
                    name=name,
                    unit=unit.name,
                    unit_ordinal=ordinal,
                    index=index,
                    rack=rack,
                    pool=group.pool,
                    model=group.server,
                    server=loaded.catalogue.servers[group.server],
                    group_path=("compute", ordinal, "groups", group_ordinal),
                    hole=name in unit.holes,
                )


def _racks_of(group: Group) -> Iterator[str]:
    """Fill racks in order, each with its even share; the first ones take the remainder."""
    share, rest = divmod(group.count, len(group.racks))
    for ordinal, rack in enumerate(group.racks):
        yield from [rack] * (share + (1 if ordinal < rest else 0))
