"""What flows in each circuit."""

from clusterwright.design.plan import Coolant
from clusterwright.load import LoadedSite


def plan_coolants(loaded: LoadedSite) -> tuple[Coolant, ...]:
    """Return the coolant of each circuit, with the limits of the catalogue."""
    known = loaded.catalogue.coolants
    return tuple(
        Coolant(
            circuit=loop.name,
            model=loop.coolant,
            additive_percent_min=known[loop.coolant].additive_percent_min,
            additive_percent_max=known[loop.coolant].additive_percent_max,
            ph_min=known[loop.coolant].ph_min,
            ph_max=known[loop.coolant].ph_max,
            conductivity_us_per_cm_max=known[loop.coolant].conductivity_us_per_cm_max,
        )
        for loop in loaded.site.facility.cooling.loops
    )
