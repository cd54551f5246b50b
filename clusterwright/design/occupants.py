"""Everything that stands in a rack, with what it takes: units, kilograms, watts, cords, air."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clusterwright.design.facility_occupants import list_cdus, list_panels, list_shelves
from clusterwright.design.networks import SwitchPlace
from clusterwright.design.occupant import Occupant
from clusterwright.design.rack_system import list_fixed, parts_of
from clusterwright.design.racks import RackPlace
from clusterwright.design.seats import Seat
from clusterwright.design.server_occupants import list_hosts, list_storage, node_in
from clusterwright.design.stores import Store
from clusterwright.load import LoadedSite


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
        *list_cdus(loaded),
        *list_shelves(loaded, racks),
        *(
            part
            for rack in racks.values()
            if rack.group.system
            for part in list_fixed(loaded.catalogue, rack, parts[rack.group.system])
        ),
        *(node_in(seat, racks[seat.rack], parts) for seat in seats),
        *list_hosts(loaded, racks),
        *list_panels(loaded),
        *_switches(loaded, switches),
        *list_storage(loaded, racks, stores),
    )


def _switches(loaded: LoadedSite, switches: Iterable[SwitchPlace]) -> Iterator[Occupant]:
    """Yield switches; those that units to come will bring keep their places."""
    to_the_rear = _ports_are_at_the_rear(loaded)
    for switch in (one for one in switches if not one.built_in):
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
            late=switch.late,
            unknown=model.unknown,
        )


def _ports_are_at_the_rear(loaded: LoadedSite) -> bool:
    servers = (group.server for unit in loaded.site.compute for group in unit.groups)
    return any(loaded.catalogue.servers[name].ports_face == "rear" for name in servers)
