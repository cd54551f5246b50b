"""The circuits of a definition, whatever else may be wrong with it."""

from clusterwright.design import networks, power
from clusterwright.design.occupants import list_occupants
from clusterwright.design.power import Circuits
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats
from clusterwright.design.stores import list_stores
from clusterwright.load import LoadedSite


def circuits_of(loaded: LoadedSite) -> Circuits:
    """Lay out the circuits of a site that may be too full."""
    racks = list_racks(loaded)
    seats, stores = list_seats(loaded, racks), list_stores(loaded)
    switches = networks.plan_networks(loaded, seats, stores).switches
    return power.lay_out(loaded, racks, list_occupants(loaded, racks, seats, switches, stores))
