"""Everything that stands in a rack, with what it takes: units of height, watts, cords."""

from collections.abc import Iterable, Iterator, Sequence

from clusterwright.design.networks import SwitchPlace
from clusterwright.design.occupant import Occupant
from clusterwright.design.power import shelf_name
from clusterwright.design.seats import Seat
from clusterwright.design.stores import Store
from clusterwright.load import LoadedSite

PANEL = "patch-panel"
"""Not of the catalogue: a rack unit in which cables end."""


def list_occupants(
    loaded: LoadedSite,
    seats: Sequence[Seat],
    switches: Iterable[SwitchPlace],
    stores: Sequence[Store],
) -> tuple[Occupant, ...]:
    """Return all occupants; within a rack, heaviest first: coolant, nodes, management, switches.

    Storage comes last, so that more of it moves nothing else.
    """
    return (
        *_cdus(loaded),
        *_shelves(loaded),
        *(_node(seat) for seat in seats),
        *_management(loaded),
        *_panels(loaded),
        *_switches(loaded, switches),
        *_stores(stores),
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


def _switches(loaded: LoadedSite, switches: Iterable[SwitchPlace]) -> Iterator[Occupant]:
    """Yield switches; those that units to come will bring keep their places."""
    for switch in switches:
        model = loaded.catalogue.switches[switch.model]
        yield Occupant(
            name=switch.name,
            model=switch.model,
            rack=switch.rack,
            height_units=model.height_units,
            power_watts=model.power_max_watts or 0,
            liquid_watts=0,
            supplies=model.power_supplies,
            from_top=True,
            path=switch.path,
            present=switch.present,
            unknown=model.unknown,
        )


def _panels(loaded: LoadedSite) -> Iterator[Occupant]:
    uplinks = loaded.site.fabrics.inband.uplinks
    if uplinks:
        yield Occupant(
            name=uplinks.panel,
            model=PANEL,
            rack=uplinks.rack,
            height_units=1,
            power_watts=0,
            liquid_watts=0,
            supplies=None,
            from_top=True,
            path=("fabrics", "inband", "uplinks"),
        )


def _stores(stores: Sequence[Store]) -> Iterator[Occupant]:
    for store in stores:
        yield Occupant(
            name=store.name,
            model=store.model,
            rack=store.rack,
            height_units=store.height_units,
            power_watts=store.power_watts,
            liquid_watts=0,
            supplies=store.supplies,
            from_top=False,
            path=store.path,
            present=store.present,
            unknown=store.unknown,
        )
