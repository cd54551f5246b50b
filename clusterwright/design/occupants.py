"""Everything that stands in a rack, with what it takes: units of height, watts, cords."""

from collections.abc import Iterator, Sequence

from clusterwright.design.fabric import SwitchRole
from clusterwright.design.occupant import Occupant
from clusterwright.design.power import shelf_name
from clusterwright.design.seats import Seat
from clusterwright.load import LoadedSite


def list_occupants(
    loaded: LoadedSite, seats: Sequence[Seat], switches: Sequence[SwitchRole | None]
) -> tuple[Occupant, ...]:
    """Return all occupants; within a rack, heaviest first: coolant, nodes, management, switches."""
    return (
        *_cdus(loaded),
        *_shelves(loaded),
        *(_node(seat) for seat in seats),
        *_management(loaded),
        *_switches(loaded, switches),
    )


def _cdus(loaded: LoadedSite) -> Iterator[Occupant]:
    for i, loop in enumerate(loaded.site.facility.cooling.loops):
        model = loaded.catalogue.cdus[loop.cdu.model]
        yield Occupant(
            name=loop.cdu.name,
            model=loop.cdu.model,
            rack=loop.racks[0],
            height_units=model.height_units,
            power_watts=0,
            liquid_watts=0,
            supplies=None,
            from_top=False,
            path=("facility", "cooling", "loops", i, "cdu"),
        )


def _shelves(loaded: LoadedSite) -> Iterator[Occupant]:
    """Yield the power shelves; what they draw is what hangs on their busbar."""
    for i, group in enumerate(loaded.site.facility.racks):
        for rack in group.names if group.shelves else ():
            for k in range(group.shelves.count if group.shelves else 0):
                model = group.shelves.model if group.shelves else ""
                yield Occupant(
                    name=shelf_name(rack, k),
                    model=model,
                    rack=rack,
                    height_units=loaded.catalogue.power_shelves[model].height_units,
                    power_watts=0,
                    liquid_watts=0,
                    supplies=None,
                    from_top=False,
                    path=("facility", "racks", i, "shelves"),
                )


def _node(seat: Seat) -> Occupant:
    return Occupant(
        name=seat.name,
        model=seat.model,
        rack=seat.rack,
        height_units=seat.server.height_units,
        power_watts=seat.server.power_max_watts or 0,
        liquid_watts=seat.server.liquid_watts or 0,
        supplies=seat.server.power_supplies,
        from_top=False,
        path=(*seat.group_path, "count"),
        present=not seat.hole,
        unknown=seat.server.unknown,
        busbar=seat.server.power_input == "busbar",
    )


def _management(loaded: LoadedSite) -> Iterator[Occupant]:
    for i, host in enumerate(loaded.site.management):
        model = loaded.catalogue.servers[host.server]
        yield Occupant(
            name=host.name,
            model=host.server,
            rack=host.rack,
            height_units=model.height_units,
            power_watts=model.power_max_watts or 0,
            liquid_watts=0,
            supplies=model.power_supplies,
            from_top=False,
            path=("management", i),
            unknown=model.unknown,
            busbar=model.power_input == "busbar",
        )


def _switches(loaded: LoadedSite, switches: Sequence[SwitchRole | None]) -> Iterator[Occupant]:
    """Fill racks in order; switches that units to come will bring keep their places."""
    fabric = loaded.site.fabrics.compute
    model = loaded.catalogue.switches[fabric.switch]
    per_rack = -(-len(switches) // len(fabric.racks))
    for ordinal, switch in enumerate(switches):
        yield Occupant(
            name=switch.name if switch else f"(place {ordinal + 1} of the compute fabric)",
            model=fabric.switch,
            rack=fabric.racks[ordinal // per_rack],
            height_units=model.height_units,
            power_watts=model.power_max_watts or 0,
            liquid_watts=0,
            supplies=model.power_supplies,
            from_top=True,
            path=("fabrics", "compute", "racks"),
            present=switch is not None,
            unknown=model.unknown,
        )
