"""Which node sits in which rack: the groups of a definition, laid out as they are built for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.catalogue.entry import Server
from clusterwright.design.racks import RackPlace
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.facility import Group, ScalableUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a group lies over its racks: `share` places in each; `built` where it says for how many.

    A rack's share is that of the group as built for, so that filling it up moves nothing. Where
    its racks cannot hold that many, more of them are to come, and each takes as many as it can.
    """

    path: DefinitionPath
    count: int
    places: int
    racks: int
    share: int
    built: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A node before it has addresses: who it is, what it is, which rack it stands in.

    A hole has no node: one was taken out, or it is kept for one to come.
    """

    name: str
    unit: str
    unit_ordinal: int
    index: int
    rack: str
    pool: str
    model: str
    server: Server
    spread: Spread
    place: int
    """Of its group's places in this rack, counted from 0."""
    hole: bool

    @property
    def group_path(self) -> DefinitionPath:
        """Where the definition asks for it."""
        return self.spread.path


def list_seats(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> tuple[Seat, ...]:
    """Return every seat, holes included, unit by unit, group by group."""
    return tuple(_seats(loaded, racks))


def taken(seats: Sequence[Seat]) -> tuple[Seat, ...]:
    """Return the seats that have a node."""
    return tuple(seat for seat in seats if not seat.hole)


def find_problems(loaded: LoadedSite) -> Iterator[Problem]:
    """Yield units that are smaller than what their groups are built for."""
    for i, unit in enumerate(loaded.site.compute):
        places = sum(group.places for group in unit.groups)
        asked = sum(group.count for group in unit.groups)
        if places > unit.build_for >= asked:
            path: DefinitionPath = ("compute", i, "build_for")
            yield Problem(
                path=path,
                value=str(unit.build_for),
                rule=f"the unit is built for {unit.build_for} nodes, but its groups are built for "
                f"{places}: build for at least {places}",
                remedy=((path, str(places)),),
            )


def _seats(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> Iterator[Seat]:
    for ordinal, unit in enumerate(loaded.site.compute):
        holes = set(unit.holes)
        for i, group in enumerate(unit.groups):
            spread = _spread(loaded, racks, ordinal, i)
            asked = unit.indices[i]
            kept = min(group.places, spread.share * spread.racks)
            for k in range(kept):
                index = asked.start + k
                name = f"{unit.name}-n{index}"
                yield Seat(
                    name=name,
                    unit=unit.name,
                    unit_ordinal=ordinal,
                    index=index,
                    rack=group.racks[k // spread.share],
                    pool=group.pool,
                    model=group.server,
                    server=loaded.catalogue.servers[group.server],
                    spread=spread,
                    place=k % spread.share,
                    hole=index not in asked or name in holes,
                )


def _spread(loaded: LoadedSite, racks: Mapping[str, RackPlace], ordinal: int, i: int) -> Spread:
    unit = loaded.site.compute[ordinal]
    group = unit.groups[i]
    fit = min(_fit(racks[name], loaded.catalogue.servers[group.server]) for name in group.racks)
    asked = -(-group.count // len(group.racks))
    wanted = -(-_built_for(unit, group) // len(group.racks))
    return Spread(
        path=("compute", ordinal, "groups", i),
        count=group.count,
        places=group.places,
        racks=len(group.racks),
        share=max(asked, wanted if group.build_for else min(wanted, fit)),
        built=group.build_for is not None,
    )


def _built_for(unit: ScalableUnit, group: Group) -> int:
    """The last group may grow into what the unit is built for and no group has."""
    if group.build_for or group is not unit.groups[-1]:
        return group.places
    return unit.build_for - sum(other.places for other in unit.groups[:-1])


def _fit(rack: RackPlace, server: Server) -> int:
    """How many would fit in the rack if nothing else stood there."""
    if rack.system:
        return rack.system.compute_trays.count
    units = rack.model.height_units // server.height_units
    watts = server.power_max_watts
    return min(units, rack.power_limit_watts // watts) if watts else units
