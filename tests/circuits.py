"""The circuits of a definition, whatever else may be wrong with it."""

from clusterwright.design import fabric, power
from clusterwright.design.occupants import list_occupants
from clusterwright.design.power import Circuits
from clusterwright.design.racks import list_racks
from clusterwright.design.seats import list_seats
from clusterwright.load import LoadedSite


def circuits_of(loaded: LoadedSite) -> Circuits:
    """Lay out the circuits of a site that may be too full."""
    asked = fabric.ask_of(loaded)
    size = fabric.size_fabric(asked)
    switches = fabric.list_places(asked, size) if size else ()
    racks = list_racks(loaded)
    occupants = list_occupants(loaded, racks, list_seats(loaded, racks), switches)
    return power.lay_out(loaded, racks, occupants)
