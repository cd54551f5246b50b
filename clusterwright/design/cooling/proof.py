"""What of cooling cannot be checked, because a figure is missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clusterwright.design.cooling.air import RoomAir
from clusterwright.design.cooling.duty import Duty, flow_max_lpm
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import Unproven
from clusterwright.design.proof import lacks, together, without
from clusterwright.design.racks import RackPlace
from clusterwright.load import LoadedSite
from clusterwright.model.cooling import Cooling

_HEAT = {"power_max_watts", "liquid_watts"}
Row = tuple[str, str]
"""A check, and why it could not be made."""


def find_unproven(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
    duties: Sequence[Duty],
    air: RoomAir,
) -> tuple[Unproven, ...]:
    """Return limits of loops, tanks and air that nobody may take for checked."""
    cooling = loaded.site.facility.cooling
    loops = ((duty.loop.name, *row) for duty in duties for row in _of_loop(cooling, duty))
    tanks = (
        (name, "it takes the heat of what stands in it", lacks("heat_max_watts", [rack]))
        for name in by_rack
        if (tank := racks[name].model.immersion) and tank.heat_max_watts is None
        for rack in [racks[name].group.model]
    )
    return (
        *together("loop", loops),
        *together("rack", tanks),
        *(
            Unproven(subject="room", check=check, reason=reason)
            for check, reason in _of_air(cooling, air)
        ),
    )


def _of_loop(cooling: Cooling, duty: Duty) -> Iterator[Row]:
    cdus = dict(zip((cdu.model for cdu in duty.loop.cdus), duty.models, strict=True))
    for reason in without("liquid_watts", duty.wet):
        yield f"{duty.loop.cdu.name} carries the heat of its racks", reason
    if not duty.loop.spares:
        unknown = [name for name, model in cdus.items() if model.pumps is None]
        yield from _rows("it carries its heat with one pump lost", "pumps", unknown)
    unknown = [name for name, model in cdus.items() if flow_max_lpm(model) is None]
    yield from _rows("it gives the flow that its racks need", "flow_max_lpm", unknown)
    wet = {one.known_as: one.liquid for one in duty.wet}
    unknown = [name for name, liquid in wet.items() if liquid.supply_max_c is None]
    yield from _rows("its supply is cold enough for its racks", "liquid.supply_max_c", unknown)
    if duty.loop.differential_pressure_kpa is not None:
        unknown = [name for name, liquid in wet.items() if liquid.pressure_drop_kpa is None]
        check = "its differential pressure drives the flow through its racks"
        yield from _rows(check, "liquid.pressure_drop_kpa", unknown)
    if cooling.room is None:
        yield "its supply stays above the dew point", "the definition has no cooling.room"
    check = "facility water is cold enough for its supply"
    if cooling.water is None:
        yield check, "the definition has no cooling.water"
    else:
        unknown = [name for name, model in cdus.items() if model.approach_k is None]
        yield from _rows(check, "approach_k", unknown)


def _of_air(cooling: Cooling, air: RoomAir) -> Iterator[Row]:
    models = air.models()
    carried, moved = "air handlers carry the heat to air", "air handlers move the air of all fans"
    if cooling.air is None:
        yield carried, "the definition has no cooling.air"
    else:
        unknown = [
            n for n, one in models.items() if {"power_max_watts", "liquid_watts"} & {*one.unknown}
        ]
        yield from _rows(carried, "power_max_watts or liquid_watts", unknown)
        if any(handler.flow_cfm is None for handler in cooling.air.handlers):
            yield moved, "the definition has no flow_cfm of some of cooling.air.handlers"
        unknown = [n for n, one in models.items() if one.air.flow_cfm is None and one.air_watts]
        yield from _rows(moved, "air.flow_cfm", unknown)
    breathed = "inlet air suits every device"
    if cooling.room is None:
        yield breathed, "the definition has no cooling.room"
        return
    unknown = [n for n, one in models.items() if one.air.inlet_c is None and one.air_watts]
    yield from _rows(breathed, "air.inlet_c", unknown)


def _rows(check: str, key: str, models: Iterable[str]) -> Iterator[Row]:
    if names := list(models):
        yield check, lacks(key, names)
