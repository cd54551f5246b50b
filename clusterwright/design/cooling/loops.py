"""Loops of coolant with their CDUs."""

from clusterwright.design.addresses import Addresses
from clusterwright.design.plan import Controller, CoolingLoop
from clusterwright.load import LoadedSite


def plan_loops(loaded: LoadedSite, addresses: Addresses) -> tuple[CoolingLoop, ...]:
    """Return every loop with its CDU's controller and set points."""
    return tuple(
        CoolingLoop(
            name=loop.name,
            cdu=loop.cdu.name,
            cdu_model=loop.cdu.model,
            controller=Controller(
                name=loop.cdu.name,
                address=addresses.oob[loop.cdu.name],
                secret=f"cdu/{loop.cdu.name}",
            ),
            racks=loop.racks,
            supply_temperature_c=loop.supply_temperature_c,
            differential_pressure_kpa=loop.differential_pressure_kpa,
            flow_lpm=loop.flow_lpm,
            control_mode=loop.control_mode,
        )
        for loop in loaded.site.facility.cooling.loops
    )
