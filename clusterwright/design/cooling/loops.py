"""Loops of coolant with their CDUs."""

from clusterwright.design.addresses import Addresses
from clusterwright.design.plan import Controller, Coolant, CoolingLoop
from clusterwright.load import LoadedSite


def plan_loops(loaded: LoadedSite, addresses: Addresses) -> tuple[CoolingLoop, ...]:
    """Return every CDU of every loop with its controller and set points."""
    return tuple(
        CoolingLoop(
            name=f"{loop.name}-{cdu.name}" if k else loop.name,
            circuit=loop.name,
            cdu=cdu.name,
            cdu_model=cdu.model,
            controller=Controller(
                name=cdu.name,
                address=addresses.oob[cdu.name],
                secret=f"cdu/{cdu.name}",
            ),
            racks=loop.racks,
            supply_temperature_c=loop.supply_temperature_c,
            differential_pressure_kpa=loop.differential_pressure_kpa,
            flow_lpm=loop.flow_lpm and round(loop.flow_lpm / len(loop.cdus), 1),
            control_mode=loop.control_mode,
        )
        for loop in loaded.site.facility.cooling.loops
        for k, cdu in enumerate(loop.cdus)
    )


def plan_coolants(loaded: LoadedSite) -> tuple[Coolant, ...]:
    """Return what flows in each circuit, with its limits."""
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
