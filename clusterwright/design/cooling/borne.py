"""What a loop may come to without harm: the weakest that everything on it bears."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from clusterwright.design.cooling.duty import Duty
from clusterwright.design.plan import LoopLimits
from clusterwright.design.racks import RackPlace


def limits_of(duty: Duty, racks: Mapping[str, RackPlace]) -> LoopLimits:
    """Return the limits of one CDU of a circuit; one figure that is missing makes all unknown."""
    known = not any("liquid_watts" in one.unknown for one in duty.wet)
    flow_lpm = duty.flow_lpm / len(duty.models)
    return LoopLimits(
        warmest_c=_least(list(_warmest_c(duty, racks))),
        least_lpm=ceil(flow_lpm * 10) / 10 if known else None,
        least_kpa=_most([one.liquid.pressure_drop_kpa for one in duty.wet]),
    )


def _warmest_c(duty: Duty, racks: Mapping[str, RackPlace]) -> Iterator[float | None]:
    for one in duty.wet:
        yield one.liquid.supply_max_c
    for rack in duty.loop.racks:
        if tank := racks[rack].model.immersion:
            yield tank.supply_max_c


def _least(figures: Sequence[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return min(known) if known and len(known) == len(figures) else None


def _most(figures: Sequence[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return max(known) if known and len(known) == len(figures) else None
