"""Everything that stands in a rack, with what it takes: units, kilograms, watts, cords, air."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from clusterwright.catalogue.entry import Server
from clusterwright.design.networks import SwitchPlace
from clusterwright.design.occupant import Occupant
from clusterwright.design.power import shelf_name
from clusterwright.design.rack_system import Parts, list_fixed, parts_of
from clusterwright.design.racks import RackPlace
from clusterwright.design.seats import Seat
from clusterwright.design.stores import Store
from clusterwright.errors import DefinitionPath
from clusterwright.load import LoadedSite

LIGHT_UNITS = 2
"""Hosts of so many units are light enough for the top of a rack."""


def list_occupants(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    seats: Sequence[Seat],
    switches: Iterable[SwitchPlace],
    stores: Sequence[Store],
) -> tuple[Occupant, ...]:
    """Return all occupants, those to come included; `space.elevation` says who stands where.

    Storage comes last, so that more of it moves nothing else.
    """
    systems = {rack.group.system: rack.system for rack in racks.values() if rack.system}
    parts = {name: parts_of(loaded.catalogue, system) for name, system in systems.items() if name}
    return (
        *_cdus(loaded),
        *_shelves(loaded, racks),
        *(
            part
            for rack in racks.values()
            if rack.group.system
            for part in list_fixed(loaded.catalogue, rack, parts[rack.group.system])
        ),
        *(_node(seat, racks[seat.rack], parts) for seat in seats),
        *_hosts(loaded, racks),
        *_panels(loaded),
        *_switches(loaded, switches),
        *_stores(loaded, racks, stores),
    )


def _cdus(loaded: LoadedSite) -> Iterator[Occupant]:
    for i, loop in enumerate(loaded.site.facility.cooling.loops):
        for k, cdu in enumerate(loop.cdus):
            model = loaded.catalogue.cdus[cdu.model]
            key = ("further_cdus", k - 1) if k else ("cdu",)
            if model.height_units:
                yield Occupant(
                    name=cdu.name,
                    kind="cdu",
                    model=cdu.model,
                    rack=cdu.rack or loop.racks[0],
                    height_units=model.height_units,
                    power_watts=model.power_max_watts or 0,
                    liquid_watts=0,
                    supplies=model.power_supplies,
                    from_top=False,
                    path=("facility", "cooling", "loops", i, *key),
                    weight_kg=model.weight_kg,
                    depth_mm=model.depth_mm,
                    unknown=() if model.power_max_watts else ("power_max_watts",),
                )


def _shelves(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> Iterator[Occupant]:
    for rack in racks.values():
        if not rack.group.shelves or rack.system:
            continue
        name = rack.group.shelves.model
        shelf = loaded.catalogue.power_shelves[name]
        for k in range(rack.group.shelves.count):
            yield Occupant(
                name=shelf_name(rack.name, k),
                kind="power-shelf",
                model=name,
                rack=rack.name,
                height_units=shelf.height_units,
                power_watts=0,
                liquid_watts=0,
                supplies=None,
                from_top=False,
                path=(*rack.path, "shelves"),
                weight_kg=shelf.weight_kg,
                busbar=True,
            )


def _node(seat: Seat, rack: RackPlace, parts: Mapping[str, Parts]) -> Occupant:
    one = replace(
        _server(seat.name, seat.model, seat.server, rack, seat.spread.path),
        path=(*seat.spread.path, "count"),
        present=not seat.hole,
        spread=seat.spread,
    )
    return _built_in(one, parts[rack.group.system], seat.place) if rack.group.system else one


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


def _hosts(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> Iterator[Occupant]:
    for i, host in enumerate(loaded.site.management):
        model = loaded.catalogue.servers[host.server]
        one = _server(host.name, host.server, model, racks[host.rack], ("management", i))
        light = model.height_units <= LIGHT_UNITS
        yield replace(one, kind="host", from_top=light, system="")


def _switches(loaded: LoadedSite, switches: Iterable[SwitchPlace]) -> Iterator[Occupant]:
    """Yield switches; those that units to come will bring keep their places."""
    to_the_rear = _ports_are_at_the_rear(loaded)
    for switch in switches:
        model = loaded.catalogue.switches[switch.model]
        yield Occupant(
            name=switch.name,
            kind="switch",
            model=switch.model,
            rack=switch.rack,
            height_units=model.height_units,
            power_watts=model.power_max_watts or 0,
            liquid_watts=0,
            supplies=model.power_supplies,
            from_top=True,
            path=switch.path,
            weight_kg=model.weight_kg,
            depth_mm=model.depth_mm,
            rear=model.air.direction == "rear-to-front"
            or (model.air.direction is None and to_the_rear),
            air=model.air,
            present=switch.present,
            unknown=model.unknown,
        )


def _panels(loaded: LoadedSite) -> Iterator[Occupant]:
    """Yield the panel in which cables from outside end: a rack unit without a figure."""
    uplinks = loaded.site.fabrics.inband.uplinks
    if uplinks:
        yield Occupant(
            name=uplinks.panel,
            kind="panel",
            model="patch-panel",
            rack=uplinks.rack,
            height_units=1,
            power_watts=0,
            liquid_watts=0,
            supplies=None,
            from_top=True,
            path=("fabrics", "inband", "uplinks"),
            weight_kg=0,
            depth_mm=0,
        )


def _stores(
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
            height_units=system.height_units or 0,
            power_watts=system.power_max_watts or 0,
            liquid_watts=0,
            supplies=None,
            from_top=False,
            path=store.path,
            weight_kg=system.weight_kg,
            present=store.present,
            unknown=store.unknown,
        )


def _ports_are_at_the_rear(loaded: LoadedSite) -> bool:
    servers = (group.server for unit in loaded.site.compute for group in unit.groups)
    return any(loaded.catalogue.servers[name].ports_face == "rear" for name in servers)
