"""What is checked of a CDU."""

from collections.abc import Iterator
from functools import partial

from clusterwright.access.redfish import Redfish
from clusterwright.design.plan import CduPumps, CoolingLoop
from clusterwright.verify.measurements import cdu, leaks
from clusterwright.verify.probes.probe import Device, Probe


def loop_device(loop: CoolingLoop) -> Device:
    """Return the checks of a loop through its CDU."""
    return Device(subject=loop.cdu, controller=loop.controller, probes=tuple(_probes(loop)))


def _probes(loop: CoolingLoop) -> Iterator[Probe]:
    wanted = (
        ("supply temperature", "SupplyTemperatureCelsius", loop.supply_temperature_c, "°C"),
        ("differential pressure", "DeltaPressurekPa", loop.differential_pressure_kpa, "kPa"),
        ("flow", "FlowLitersPerMinute", loop.flow_lpm, "l/min"),
    )
    for name, sensor, set_point, unit in wanted:
        if set_point is not None:
            yield _near(name, sensor, set_point, unit)
    if loop.pumps and loop.pumps.running:
        yield _pumps(loop.pumps, loop.pumps.running)
    yield Probe(
        sentence="no filter of the CDU is clogged",
        expected={},
        look=cdu.clogged_filters,
        remedy="clean or replace the filter",
    )
    yield Probe(
        sentence="no detector of the CDU reports a leak",
        expected={},
        look=leaks.of_cdu,
        remedy="find the leak and close it, before anything else",
    )


def _near(name: str, sensor: str, set_point: float, unit: str) -> Probe:
    tolerance = cdu.tolerance_of(set_point, unit)
    wanted = f"{set_point:g} ± {tolerance:g} {unit}"

    async def look(client: Redfish) -> str:
        value = await cdu.measured(client, sensor)
        return wanted if abs(value - set_point) <= tolerance else f"{value:g} {unit}"

    return Probe(
        sentence=f"the measured {name} is near its set point",
        expected=wanted,
        look=look,
        remedy="see what clusterwright drift {site} says of the set point; where it holds, see "
        "the CDU's pumps, valves and facility water",
    )


def _pumps(pumps: CduPumps, running: int) -> Probe:
    least = running if pumps.needed is None else pumps.needed + pumps.spare
    spare = ", one more than it needs" if pumps.spare else ""
    return Probe(
        sentence=f"{least} pumps of the CDU work{spare}",
        expected=cdu.ENOUGH,
        look=partial(cdu.working_pumps, least=least),
        remedy="repair the pump; until then the loss of another one stops the loop",
    )
