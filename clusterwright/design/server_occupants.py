"""Servers in racks: nodes, management hosts, storage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from clusterwright.catalogue.entry import Server
from clusterwright.design.occupant import Occupant
from clusterwright.design.rack_system import Parts
from clusterwright.design.racks import RackPlace
from clusterwright.design.seats import Seat
from clusterwright.design.stores import Store
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite

LIGHT_UNITS = 2
"""Hosts of so many units are light enough for the top of a rack."""


def node_in(seat: Seat, rack: RackPlace, parts: Mapping[str, Parts]) -> Occupant:
    one = replace(
        _server(seat.name, seat.model, seat.server, rack, seat.spread.path),
        path=(*seat.spread.path, "count"),
        present=not seat.hole,
        spread=seat.spread,
    )
    return _built_in(one, parts[rack.group.system], seat.place) if rack.group.system else one


def list_hosts(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> Iterator[Occupant]:
    for i, host in enumerate(loaded.site.management):
        model = loaded.catalogue.servers[host.server]
        one = _server(host.name, host.server, model, racks[host.rack], ("management", i))
        light = model.height_units <= LIGHT_UNITS
        yield replace(one, kind="host", from_top=light, system="")


def list_storage(
    loaded: LoadedSite, racks: Mapping[str, RackPlace], stores: Sequence[Store]
) -> Iterator[Occupant]:
    for store in stores:
        server = loaded.catalogue.servers.get(store.model)
        if server:
            one = _server(store.name, store.model, server, racks[store.rack], store.path)
            yield replace(one, kind="storage", system="", present=store.present)
            continue
        system = loaded.catalogue.storage[store.model]
        yield Occupant(
            name=store.name,
            kind="storage",
            model=store.model,
            rack=store.rack,
            height_units=store.height_units,
            power_watts=system.power_max_watts or 0,
            liquid_watts=0,
            supplies=None,
            from_top=False,
            path=store.path,
            weight_kg=system.weight_kg,
            present=store.present,
            unknown=store.unknown,
        )


def _built_in(one: Occupant, parts: Parts, place: int) -> Occupant:
    """A rack that is bought whole has all its trays: their number is nobody's to reduce."""
    share = parts.trays[place]
    return replace(
        one,
        path=(*one.path[:-1], "racks"),
        spread=None,
        power_watts=share.watts,
        liquid_watts=share.liquid_watts,
        liquid=share.liquid,
        air=share.air,
        unknown=parts.unknown,
        fixed_at=parts.lowest_units["compute_trays"][place],
    )


def _server(
    name: str, model: str, entry: Server, rack: RackPlace, path: DefinitionPath
) -> Occupant:
    """Whatever stands in a tank gives all its heat to the fluid."""
    watts, immersed = entry.power_max_watts or 0, rack.model.immersion is not None
    return Occupant(
        name=name,
        kind="node",
        model=model,
        rack=rack.name,
        height_units=entry.height_units,
        power_watts=watts,
        liquid_watts=watts if immersed else entry.liquid_watts or 0,
        supplies=entry.power_supplies,
        from_top=False,
        path=path,
        weight_kg=entry.weight_kg,
        depth_mm=entry.depth_mm,
        busbar=entry.power_input == "busbar",
        immersible=entry.immersible,
        air=entry.air,
        liquid=entry.liquid,
        system=rack.group.system or "",
        unknown=tuple(k for k in entry.unknown if not (immersed and k == "liquid_watts")),
    )
