"""Everything that stands in a rack, with what it takes: units, kilograms, watts, cords, air."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clusterwright.catalogue.entry import Server
from clusterwright.design.fabric import SwitchRole
from clusterwright.design.occupant import Occupant
from clusterwright.design.rack_system import Parts, list_fixed, parts_of, shelf_name
from clusterwright.design.racks import RackPlace
from clusterwright.design.seats import Seat
from clusterwright.load import LoadedSite

LIGHT_UNITS = 2
"""Hosts of so many units are light enough for the top of a rack."""


def list_occupants(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    seats: Sequence[Seat],
    switches: Sequence[SwitchRole | None],
) -> tuple[Occupant, ...]:
    """Return all occupants, those to come included; `space.elevation` says who stands where."""
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
        *_switches(loaded, switches),
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
        if not rack.group.shelves:
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
    figures = _of_server(seat.server, rack)
    if rack.group.system:
        whole = parts[rack.group.system]
        figures |= {
            "power_watts": whole.tray_watts[seat.place],
            "liquid_watts": whole.tray_liquid_watts[seat.place],
            "fixed_at": whole.lowest_units["compute_trays"][seat.place],
            "unknown": whole.unknown,
        }
    return Occupant(
        name=seat.name,
        kind="node",
        model=seat.model,
        rack=seat.rack,
        from_top=False,
        path=(*seat.spread.path, "count"),
        present=not seat.hole,
        spread=seat.spread,
        **figures,
    )


def _of_server(model: Server, rack: RackPlace) -> dict[str, Any]:
    """Whatever stands in a tank gives all its heat to the fluid."""
    watts, immersed = model.power_max_watts or 0, rack.model.immersion is not None
    return {
        "height_units": model.height_units,
        "power_watts": watts,
        "liquid_watts": watts if immersed else model.liquid_watts or 0,
        "supplies": model.power_supplies,
        "weight_kg": model.weight_kg,
        "depth_mm": model.depth_mm,
        "busbar": model.power_input == "busbar",
        "immersible": model.immersible,
        "air": model.air,
        "liquid": model.liquid,
        "unknown": tuple(k for k in model.unknown if not (immersed and k == "liquid_watts")),
    }


def _hosts(loaded: LoadedSite, racks: Mapping[str, RackPlace]) -> Iterator[Occupant]:
    for i, host in enumerate(loaded.site.management):
        model = loaded.catalogue.servers[host.server]
        yield Occupant(
            name=host.name,
            kind="host",
            model=host.server,
            rack=host.rack,
            from_top=model.height_units <= LIGHT_UNITS,
            path=("management", i),
            **_of_server(model, racks[host.rack]),
        )


def _switches(loaded: LoadedSite, switches: Sequence[SwitchRole | None]) -> Iterator[Occupant]:
    """Fill racks in order; switches that units to come will bring keep their places."""
    fabric = loaded.site.fabrics.compute
    model = loaded.catalogue.switches[fabric.switch]
    rear = model.air.direction == "rear-to-front" or (
        model.air.direction is None and _ports_are_at_the_rear(loaded)
    )
    per_rack = -(-len(switches) // len(fabric.racks))
    for ordinal, switch in enumerate(switches):
        yield Occupant(
            name=switch.name if switch else f"(place {ordinal + 1} of the compute fabric)",
            kind="switch",
            model=fabric.switch,
            rack=fabric.racks[ordinal // per_rack],
            height_units=model.height_units,
            power_watts=model.power_max_watts or 0,
            liquid_watts=0,
            supplies=model.power_supplies,
            from_top=True,
            path=("fabrics", "compute", "racks"),
            weight_kg=model.weight_kg,
            depth_mm=model.depth_mm,
            rear=rear,
            air=model.air,
            present=switch is not None,
            unknown=model.unknown,
        )


def _ports_are_at_the_rear(loaded: LoadedSite) -> bool:
    servers = (group.server for unit in loaded.site.compute for group in unit.groups)
    return any(loaded.catalogue.servers[name].ports_face == "rear" for name in servers)
