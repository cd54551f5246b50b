"""What loops must carry away and hold, against what their CDU can."""

from collections.abc import Iterator, Sequence

from clusterwright.catalogue.entry import Cdu
from clusterwright.design.occupant import Occupant
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite
from clusterwright.model.facility import Loop


def find_problems(loaded: LoadedSite, occupants: Sequence[Occupant]) -> Iterator[Problem]:
    """Yield set points beyond a CDU, loops over its capacity, wet nodes without a loop."""
    wet: set[str] = set()
    for i, loop in enumerate(loaded.site.facility.cooling.loops):
        cdu = loaded.catalogue.cdus[loop.cdu.model]
        wet |= set(loop.racks)
        yield from _set_points(i, loop, cdu)
        yield from _capacity(i, loop, cdu, occupants)
    for path, rack, model in sorted(
        {(o.path, o.rack, o.model) for o in occupants if _is_wet(o) and o.rack not in wet},
        key=str,
    ):
        yield Problem(
            path=(*path[:-1], "racks"),
            value=rack,
            rule=f"{model} in rack {rack} is cooled by liquid, but no loop reaches that rack: "
            "add the rack to a loop, or use a rack that has one",
        )


def _is_wet(occupant: Occupant) -> bool:
    """Whether coolant must reach it; where its share is not known, there still is one."""
    return occupant.liquid_watts > 0 or "liquid_watts" in occupant.unknown


def _capacity(i: int, loop: Loop, cdu: Cdu, occupants: Sequence[Occupant]) -> Iterator[Problem]:
    heat_watts = sum(o.liquid_watts for o in occupants if o.rack in loop.racks)
    if heat_watts > cdu.capacity_watts:
        yield Problem(
            path=("facility", "cooling", "loops", i, "cdu", "model"),
            value=loop.cdu.model,
            rule=f"racks {', '.join(loop.racks)} give {heat_watts / 1000:g} kW to the coolant, but "
            f"a {loop.cdu.model} takes {cdu.capacity_watts / 1000:g} kW: use a larger CDU or "
            "fewer nodes",
        )


def _set_points(i: int, loop: Loop, cdu: Cdu) -> Iterator[Problem]:
    limits = (
        ("supply_temperature_c", cdu.supply_temperature_min_c, cdu.supply_temperature_max_c, "°C"),
        ("differential_pressure_kpa", 0.0, cdu.differential_pressure_max_kpa, "kPa"),
        ("flow_lpm", 0.0, cdu.flow_max_lpm, "L/min"),
    )
    for key, low, high, unit in limits:
        value = getattr(loop, key)
        if value is None or low is None or high is None or low <= value <= high:
            continue
        path = ("facility", "cooling", "loops", i, key)
        nearest = low if value < low else high
        yield Problem(
            path=path,
            value=f"{value:g}",
            rule=f"{value:g} {unit} is beyond a {loop.cdu.model}, which holds {low:g} to "
            f"{high:g} {unit}: write {nearest:g}",
            remedy=((path, f"{nearest:g}"),),
        )
