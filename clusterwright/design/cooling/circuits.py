"""What circuits must carry away and hold, against what their CDUs can."""

from collections.abc import Iterator
from itertools import chain

from clusterwright.design import article
from clusterwright.design.cooling.duty import Duty
from clusterwright.design.cooling.pumps import find_pump_problems
from clusterwright.design.cooling.supply import find_supply_problems, limits_c
from clusterwright.design.culprits import Remedy, fewer_in_all, of_one_model
from clusterwright.design.occupant import Occupant
from clusterwright.errors import Problem
from clusterwright.load import LoadedSite


def find_circuit_problems(loaded: LoadedSite, duty: Duty) -> Iterator[Problem]:
    """Yield set points beyond a CDU or its servers, and heat and flow beyond its CDUs."""
    yield from chain(
        _set_points(loaded, duty),
        find_supply_problems(loaded, duty),
        find_pump_problems(duty.loop, duty.path, duty.models),
        _pressure(duty),
        _heat(loaded, duty),
        _flow(loaded, duty),
    )


def _set_points(loaded: LoadedSite, duty: Duty) -> Iterator[Problem]:
    for cdu, model in zip(duty.loop.cdus, duty.models, strict=True):
        flow = model.flow_max_lpm and model.flow_max_lpm * len(duty.models)
        limits: dict[str, tuple[float | None, float | None, str]] = {
            "supply_temperature_c": (
                model.supply_temperature_min_c,
                model.supply_temperature_max_c,
                "°C",
            ),
            "differential_pressure_kpa": (0.0, model.differential_pressure_max_kpa, "kPa"),
            "flow_lpm": (0.0, flow, "L/min"),
        }
        for key, (low, high, unit) in limits.items():
            value = getattr(duty.loop, key)
            if value is None or low is None or high is None or low <= value <= high:
                continue
            path, nearest = (*duty.path, key), low if value < low else high
            if key == "supply_temperature_c":
                coldest, warmest = limits_c(loaded, duty)
                nearest = (coldest if value < low else warmest) or nearest
            yield Problem(
                path=path,
                value=f"{value:g}",
                rule=f"{value:g} {unit} is beyond {article.one(cdu.model)}, which holds {low:g} to "
                f"{high:g} {unit}: write {nearest:g}",
                remedy=((path, f"{nearest:g}"),),
            )


def _pressure(duty: Duty) -> Iterator[Problem]:
    """A differential pressure must drive the flow through every server, and burst none."""
    held = duty.loop.differential_pressure_kpa
    if held is None:
        return
    for one in {one.model: one for one in duty.wet}.values():
        drop, most = one.liquid.pressure_drop_kpa, one.liquid.pressure_max_kpa
        if drop is not None and held < drop:
            yield _pressure_problem(duty, held, f"{one.model} loses {drop:g} kPa at its flow", drop)
        if most is not None and held > most:
            yield _pressure_problem(duty, held, f"{one.model} bears {most:g} kPa", most)


def _pressure_problem(duty: Duty, held: float, because: str, better: float) -> Problem:
    path = (*duty.path, "differential_pressure_kpa")
    return Problem(
        path=path,
        value=f"{held:g}",
        rule=f"{held:g} kPa does not suit, as {because}: write {better:g}",
        remedy=((path, f"{better:g}"),),
    )


def _heat(loaded: LoadedSite, duty: Duty) -> Iterator[Problem]:
    reserve = duty.reserve_watts
    limit = duty.capacity_watts if reserve is None else reserve
    if duty.heat_watts <= limit:
        return
    chosen, others = of_one_model(duty.wet, lambda one: one.liquid_watts)
    beside = sum(one.liquid_watts for one in others)
    case = "" if reserve in (None, duty.capacity_watts) else f" with {duty.case}"
    yield _too_many(
        loaded,
        duty,
        chosen,
        gives=f"give {_kw(duty.heat_watts - beside)} to the coolant",
        beside=f", beside {_kw(beside)} of others" if beside else "",
        limit=f"{_takes(duty)} {_kw(limit)}{case}",
        fit=max(0, (limit - beside) * len(chosen) // max(duty.heat_watts - beside, 1)),
    )


def _flow(loaded: LoadedSite, duty: Duty) -> Iterator[Problem]:
    needed, most, held = duty.flow_lpm, duty.reserve_lpm, duty.loop.flow_lpm
    if most is not None and needed > most:
        chosen, others = of_one_model(duty.wet, duty.lpm_of)
        beside = sum(duty.lpm_of(one) for one in others)
        yield _too_many(
            loaded,
            duty,
            chosen,
            gives=f"need {needed - beside:.1f} L/min",
            beside=f", beside {beside:.1f} of others" if beside else "",
            limit=f"{_takes(duty, 'gives', 'give')} {most:g} L/min with {duty.case}",
            fit=max(0, int((most - beside) * len(chosen) / (needed - beside))),
        )
    elif held is not None and held < needed:
        path, better = (*duty.path, "flow_lpm"), f"{int(needed * 10 + 0.999) / 10:g}"
        yield Problem(
            path=path,
            value=f"{held:g}",
            rule=f"{held:g} L/min is less than the {needed:.1f} L/min that the racks of "
            f"{duty.loop.name} need for {_kw(duty.heat_watts)}: write {better}",
            remedy=((path, better),),
        )


def _too_many(  # noqa: PLR0913 - the parts of one sentence
    loaded: LoadedSite,
    duty: Duty,
    chosen: list[Occupant],
    *,
    gives: str,
    beside: str,
    limit: str,
    fit: int,
) -> Problem:
    one = chosen[0]
    larger = _larger_cdu(loaded, duty)
    remedy = _fewer_nodes(loaded, duty, chosen, fit) or larger
    return Problem(
        path=one.path,
        value=str(len(chosen)),
        rule=f"{len(chosen)} × {one.model} on loop {duty.loop.name} {gives}{beside}, but {limit}: "
        f"at most {fit} fit" + (f", or use {article.one(larger[0][1])}" if larger else ""),
        remedy=remedy,
    )


def _takes(duty: Duty, one_does: str = "takes", several_do: str = "take") -> str:
    if len(duty.models) > 1:
        return f"its {len(duty.models)} CDUs {several_do}"
    return f"{duty.loop.cdu.name}, {article.one(duty.loop.cdu.model)}, {one_does}"


def _fewer_nodes(loaded: LoadedSite, duty: Duty, chosen: list[Occupant], fit: int) -> Remedy:
    """Return the edits of their groups, where all racks of these hang on this circuit."""
    spreads = {one.spread.path: one.spread for one in chosen if one.spread}
    racks = {
        rack
        for _, unit, _, group in spreads
        for rack in loaded.site.compute[int(unit)].groups[int(group)].racks
    }
    return fewer_in_all(chosen, fit) if racks <= set(duty.loop.racks) else ()


def _larger_cdu(loaded: LoadedSite, duty: Duty) -> Remedy:
    """Return the smallest model that would do alone, as far as its figures are known."""
    if len(duty.models) > 1:
        return ()
    for name, model in sorted(
        loaded.catalogue.cdus.items(), key=lambda item: item[1].capacity_watts
    ):
        tried = Duty(
            loop=duty.loop,
            path=duty.path,
            models=(model,),
            wet=duty.wet,
            watts_per_lpm_k=duty.watts_per_lpm_k,
        )
        carries = (tried.reserve_watts or model.capacity_watts) >= duty.heat_watts
        if carries and (tried.reserve_lpm is None or tried.reserve_lpm >= tried.flow_lpm):
            return (((*duty.path, "cdu", "model"), name),)
    return ()


def _kw(watts: float) -> str:
    return f"{watts / 1000:.1f} kW".replace(".0 kW", " kW")
