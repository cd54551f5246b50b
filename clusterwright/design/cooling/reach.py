"""Who needs coolant or fluid, and whether it reaches them; tanks and what they take."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design import article
from clusterwright.design.cooling.duty import Duty, is_wet
from clusterwright.design.culprits import Remedy, culprits, fewer
from clusterwright.design.occupant import Occupant
from clusterwright.design.racks import RackPlace
from clusterwright.errors import Problem


def find_reach_problems(
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
    duties: Sequence[Duty],
) -> Iterator[Problem]:
    """Yield wet devices without a loop, tanks too hot or too warm, and valves that starve."""
    on = {rack for duty in duties for rack in duty.loop.racks}
    dry = [n for n, inside in by_rack.items() if n not in on and any(map(is_wet, inside))]
    for name, inside in by_rack.items():
        if name in dry:
            yield from _dry(racks[name], inside, _onto_a_loop(duties, dry))
        if racks[name].model.immersion:
            yield from _tank(racks[name], inside)
    for duty in duties:
        yield from _too_warm(racks, duty)
        yield from _shut_off(by_rack, duty)


def _onto_a_loop(duties: Sequence[Duty], dry: Sequence[str]) -> Remedy:
    """Return the edit that puts all these racks on the loop with the most capacity left."""
    if not duties:
        return ()
    one = max(duties, key=lambda duty: (duty.reserve_watts or 0) - duty.heat_watts)
    return (((*one.path, "racks"), f"[{', '.join((*one.loop.racks, *dry))}]"),)


def _dry(rack: RackPlace, inside: Sequence[Occupant], remedy: Remedy) -> Iterator[Problem]:
    for one in {(o.path, o.model): o for o in inside if is_wet(o)}.values():
        how = "stands in a fluid" if rack.model.immersion else "is cooled by liquid"
        yield Problem(
            path=(*one.path[:-1], "racks") if one.path[-1] == "count" else one.path,
            value=rack.name,
            rule=f"{one.model} in rack {rack.name} {how}, but no loop reaches that rack: "
            "add the rack to a loop, or use a rack that has one",
            remedy=remedy,
        )


def _tank(rack: RackPlace, inside: Sequence[Occupant]) -> Iterator[Problem]:
    limit = rack.model.immersion.heat_max_watts if rack.model.immersion else None
    heat = sum(one.liquid_watts for one in inside)
    if limit is None or heat <= limit:
        return
    chosen, others = culprits(inside, lambda one: one.liquid_watts)
    beside = sum(one.liquid_watts for one in others)
    yield fewer(
        rack.name,
        chosen,
        verb=f"give {(heat - beside) / 1000:g} kW to the fluid",
        beside=f", beside {beside / 1000:g} kW of other equipment" if beside else "",
        limit=f"{article.one(rack.group.model)} takes {limit / 1000:g} kW",
        fit=max(0, (limit - beside) // max(chosen[0].liquid_watts, 1)),
    )


def _too_warm(racks: Mapping[str, RackPlace], duty: Duty) -> Iterator[Problem]:
    supply_c = duty.loop.supply_temperature_c
    for name in duty.loop.racks:
        tank = racks[name].model.immersion
        if tank and tank.supply_max_c is not None and supply_c > tank.supply_max_c:
            path = (*duty.path, "supply_temperature_c")
            yield Problem(
                path=path,
                value=f"{supply_c:g}",
                rule=f"{supply_c:g} °C is too warm, as tank {name}, {racks[name].group.model}, "
                f"takes no more than {tank.supply_max_c:g} °C: write {tank.supply_max_c:g}",
                remedy=((path, f"{tank.supply_max_c:g}"),),
            )


def _shut_off(by_rack: Mapping[str, Sequence[Occupant]], duty: Duty) -> Iterator[Problem]:
    """A closed valve is for a branch on which nothing needs coolant."""
    for name, state in duty.loop.valves.items():
        behind = duty.loop.racks if name == duty.loop.name else (name,)
        wet = [one for rack in behind for one in by_rack.get(rack, ()) if is_wet(one)]
        if state == "closed" and any(one.present for one in wet):
            first = next(one for one in wet if one.present)
            path = (*duty.path, "valves", name)
            yield Problem(
                path=path,
                value=state,
                rule=f"the valve of {name} is closed, but {first.name}, "
                f"{article.one(first.model)}, behind it is cooled by liquid: write open",
                remedy=((path, "open"),),
            )
