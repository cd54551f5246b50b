"""A site sized and placed: what its judges and its plan look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design import addresses, cooling, networks, power, space
from clusterwright.design.culprits import by_rack
from clusterwright.design.occupant import Occupant
from clusterwright.design.occupants import list_occupants
from clusterwright.design.plan import FeedBalance, Mount
from clusterwright.design.racks import RackPlace, list_racks
from clusterwright.design.seats import Seat, list_seats, taken
from clusterwright.design.space.elevation import Elevation
from clusterwright.design.stores import Store, list_stores
from clusterwright.load import LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that is there before anything is plugged in; it may break limits.

    `seats` are all that the units are built for, `nodes` those that are taken; `inside` holds what
    stands in each rack.
    """

    loaded: LoadedSite
    racks: Mapping[str, RackPlace]
    seats: Sequence[Seat]
    nodes: Sequence[Seat]
    stores: Sequence[Store]
    networks: networks.Networks
    occupants: Sequence[Occupant]
    inside: Mapping[str, Sequence[Occupant]]
    elevation: Elevation
    circuits: power.Circuits
    balances: tuple[FeedBalance, ...]
    cooled: cooling.Cooled
    addresses: addresses.Addresses

    @property
    def mounts(self) -> Mapping[str, Mount]:
        """Where each device stands that has found a place."""
        return self.elevation.mounts


def draft_site(loaded: LoadedSite) -> Draft:
    """Size every network, place every device, and count what all of it draws, heats and needs."""
    racks = list_racks(loaded)
    seats, stores = list_seats(loaded, racks), list_stores(loaded)
    joined = networks.plan_networks(loaded, seats, stores)
    occupants = list_occupants(loaded, racks, seats, joined.switches, stores)
    inside = by_rack(occupants)
    circuits = power.lay_out(loaded, racks, occupants)
    return Draft(
        loaded=loaded,
        racks=racks,
        seats=seats,
        nodes=taken(seats),
        stores=stores,
        networks=joined,
        occupants=occupants,
        inside=inside,
        elevation=space.elevate(racks, occupants, loaded.site.facility.mounts),
        circuits=circuits,
        balances=power.balance_feeds(loaded, circuits),
        cooled=cooling.gather_all(loaded, racks, inside),
        addresses=addresses.allot(loaded, joined.names, [store.name for store in stores]),
    )
