"""Loops of coolant with their CDUs."""

from clusterwright.design.addresses import Addresses
from clusterwright.design.plan import Controller, CoolingLoop
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
