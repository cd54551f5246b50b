"""How cold and how warm the supply of a circuit may be, and who says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log

from clusterwright.design import article
from clusterwright.design.cooling.duty import Duty
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite
from clusterwright.model.cooling import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One limit of a supply temperature; `because` ends the sentence that a breach begins."""

    celsius: float
    because: str


def dew_point_c(room: Room) -> float:
    """Return where water condenses: the Magnus formula with the WMO's constants over water."""
    if room.dew_point_c is not None or room.relative_humidity_percent is None:
        return room.dew_point_c or 0.0
    a, b, t = 17.62, 243.12, room.inlet_c
    gamma = log(room.relative_humidity_percent / 100) + a * t / (b + t)
    return b * gamma / (a - gamma)


def lowest(loaded: LoadedSite, duty: Duty) -> tuple[Bound, ...]:
    """Return what keeps the supply from being colder."""
    return (*_of_the_room(loaded), *_of_the_water(loaded, duty))


def highest(duty: Duty) -> tuple[Bound, ...]:
    """Return what keeps the supply from being warmer: the servers."""
    models = {
        one.model: one.liquid.supply_max_c
        for one in duty.wet
        if one.liquid.supply_max_c is not None
    }
    return tuple(
        Bound(celsius=celsius, because=f"{model} takes no more than {celsius:g} °C")
        for model, celsius in models.items()
        if celsius is not None
    )


def _of_the_room(loaded: LoadedSite) -> Iterator[Bound]:
    room = loaded.site.facility.cooling.room
    if room:
        dew_c = dew_point_c(room)
        yield Bound(
            celsius=dew_c + room.dew_point_margin_k,
            because=f"the room's dew point is {dew_c:.1f} °C, and {room.dew_point_margin_k:g} K "
            "more keep pipes dry",
        )


def _of_the_water(loaded: LoadedSite, duty: Duty) -> Iterator[Bound]:
    water = loaded.site.facility.cooling.water
    for name, model in zip((cdu.model for cdu in duty.loop.cdus), duty.models, strict=True):
        if water and model.approach_k is not None:
            yield Bound(
                celsius=water.supply_c + model.approach_k,
                because=f"facility water comes with {water.supply_c:g} °C, and "
                f"{article.one(name)} gives {model.approach_k:g} K more at its capacity",
            )


def limits_c(loaded: LoadedSite, duty: Duty) -> tuple[float | None, float | None]:
    """Return the coldest and the warmest supply that suits everybody, as far as is known."""
    cold = [bound.celsius for bound in lowest(loaded, duty)]
    warm = [bound.celsius for bound in highest(duty)]
    for model in duty.models:
        cold += [model.supply_temperature_min_c] if model.supply_temperature_min_c else []
        warm += [model.supply_temperature_max_c] if model.supply_temperature_max_c else []
    return (
        ceil(max(cold) * 10 - 1e-6) / 10 if cold else None,
        floor(min(warm) * 10 + 1e-6) / 10 if warm else None,
    )


def find_supply_problems(loaded: LoadedSite, duty: Duty) -> Iterator[Problem]:
    """Yield every bound that the supply temperature breaks, with a temperature that suits all."""
    supply_c = duty.loop.supply_temperature_c
    for bound in lowest(loaded, duty):
        if supply_c < bound.celsius:
            yield _beyond(loaded, duty, f"{supply_c:g} °C is too cold, as {bound.because}")
    for bound in highest(duty):
        if supply_c > bound.celsius:
            yield _beyond(loaded, duty, f"{supply_c:g} °C is too warm, as {bound.because}")


def _beyond(loaded: LoadedSite, duty: Duty, rule: str) -> Problem:
    path, value = (*duty.path, "supply_temperature_c"), duty.loop.supply_temperature_c
    coldest, warmest = limits_c(loaded, duty)
    if coldest is not None and warmest is not None and coldest > warmest:
        advice, remedy = (
            f"no temperature suits all, for it would have to be at least {coldest:g} and at most "
            f"{warmest:g} °C: use drier air, colder water, or other models",
            None,
        )
    else:
        suits = coldest if coldest is not None and value < coldest else warmest
        advice, remedy = f"write {suits:g}", f"{suits:g}"
    return Problem(
        path=path,
        value=f"{value:g}",
        rule=f"{rule}: {advice}",
        remedy=((path, remedy),) if remedy else (),
    )
