"""The heat that the room's air takes, and the air that servers breathe."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusterwright.design.cooling.supply import dew_point_c
from clusterwright.design.culprits import culprits, fewer, fewer_in_all, of_one_model
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import AirBalance
from clusterwright.design.racks import RackPlace
from clusterwright.errors import DefinitionPath, Problem
from clusterwright.load import LoadedSite
from clusterwright.model.cooling import Room

AIR: DefinitionPath = ("facility", "cooling", "air")
ROOM: DefinitionPath = ("facility", "cooling", "room")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAir:
    """Everything in the room that breathes: not what stands in a tank."""

    breathing: tuple[Occupant, ...]

    @property
    def heat_watts(self) -> int:
        return sum(one.air_watts for one in self.breathing)

    @property
    def flow_cfm(self) -> float:
        return sum(one.air.flow_cfm or 0.0 for one in self.breathing)

    def models(self) -> Mapping[str, Occupant]:
        """Return one device of each entry of the catalogue."""
        return {one.known_as: one for one in self.breathing}


def gather(racks: Mapping[str, RackPlace], by_rack: Mapping[str, Sequence[Occupant]]) -> RoomAir:
    """Return what breathes the room's air."""
    dry = (inside for name, inside in by_rack.items() if not racks[name].model.immersion)
    return RoomAir(breathing=tuple(one for inside in dry for one in inside))


def balance_air(loaded: LoadedSite, air: RoomAir) -> AirBalance:
    """Return the heat to air against what carries it away."""
    cooling = loaded.site.facility.cooling
    handlers = cooling.air.handlers if cooling.air else ()
    spares = cooling.air.spares if cooling.air else 0
    watts = sorted((round(handler.capacity_kw * 1000) for handler in handlers), reverse=True)
    flows = [handler.flow_cfm for handler in handlers if handler.flow_cfm is not None]
    known = handlers and len(flows) == len(handlers)
    return AirBalance(
        heat_watts=air.heat_watts,
        capacity_watts=sum(watts) if handlers else None,
        reserve_watts=sum(watts[spares:]) if handlers else None,
        flow_cfm=air.flow_cfm,
        reserve_cfm=sum(sorted(flows, reverse=True)[spares:]) if known else None,
        inlet_c=cooling.room.inlet_c if cooling.room else None,
        dew_point_c=round(dew_point_c(cooling.room), 1) if cooling.room else None,
    )


def find_air_problems(
    loaded: LoadedSite,
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
    air: RoomAir,
) -> Iterator[Problem]:
    """Yield too much heat and too little air, in the room and by rack, and inlet air unfit."""
    for name, inside in by_rack.items():
        yield from _rack(racks[name], inside)
    yield from _handlers(loaded, air)
    if room := loaded.site.facility.cooling.room:
        for model, one in air.models().items():
            yield from _inlet(room, model, one, air)


def _rack(rack: RackPlace, inside: Sequence[Occupant]) -> Iterator[Problem]:
    limit_kw, heat = rack.group.air_limit_kw, sum(one.air_watts for one in inside)
    if limit_kw is None or heat <= limit_kw * 1000:
        return
    chosen, others = culprits(inside, lambda one: one.air_watts)
    beside = sum(one.air_watts for one in others)
    yield fewer(
        rack.name,
        chosen,
        verb=f"give {(heat - beside) / 1000:g} kW to the air",
        beside=f", beside {beside / 1000:g} kW of other equipment" if beside else "",
        limit=f"the rack's air_limit_kw is {limit_kw:g} kW",
        fit=max(0, int((limit_kw * 1000 - beside) // max(chosen[0].air_watts, 1))),
        larger=lambda: (
            f"use another rack, or let this one give {heat / 1000:g} kW to the air",
            (((*rack.path, "air_limit_kw"), f"{heat / 1000:g}"),),
        ),
    )


def _handlers(loaded: LoadedSite, air: RoomAir) -> Iterator[Problem]:
    balance, cooling = balance_air(loaded, air), loaded.site.facility.cooling
    case = f" with {cooling.air.spares} lost" if cooling.air and cooling.air.spares else ""
    if balance.reserve_watts is not None and balance.heat_watts > balance.reserve_watts:
        chosen, others = of_one_model(air.breathing, lambda one: one.air_watts)
        beside = sum(one.air_watts for one in others)
        most = balance.reserve_watts
        yield _too_much(
            chosen,
            gives=f"give {(balance.heat_watts - beside) / 1000:g} kW to the air",
            beside=f"{beside / 1000:g} kW of other equipment",
            limit=f"the room's handlers take {most / 1000:g} kW{case}",
            fit=max(0, (most - beside) * len(chosen) // max(balance.heat_watts - beside, 1)),
        )
    if balance.reserve_cfm is not None and balance.flow_cfm > balance.reserve_cfm:
        chosen, others = of_one_model(air.breathing, lambda one: one.air.flow_cfm or 0.0)
        beside_cfm = sum(one.air.flow_cfm or 0.0 for one in others)
        each_cfm = chosen[0].air.flow_cfm or 1.0
        yield _too_much(
            chosen,
            gives=f"breathe {each_cfm * len(chosen):g} CFM",
            beside=f"{beside_cfm:g} CFM of other equipment",
            limit=f"the room's handlers give {balance.reserve_cfm:g} CFM{case}",
            fit=max(0, int((balance.reserve_cfm - beside_cfm) // each_cfm)),
        )


def _too_much(
    chosen: Sequence[Occupant], *, gives: str, beside: str, limit: str, fit: int
) -> Problem:
    one = chosen[0]
    return Problem(
        path=one.path,
        value=str(len(chosen)),
        rule=f"{len(chosen)} × {one.model} {gives}, beside {beside}, but {limit}: at most {fit} "
        "fit, or add a handler",
        remedy=fewer_in_all(chosen, fit),
    )


def _inlet(room: Room, model: str, one: Occupant, air: RoomAir) -> Iterator[Problem]:
    limits = (
        ("inlet_c", room.inlet_c, one.air.inlet_c, " °C"),
        (
            "relative_humidity_percent",
            room.relative_humidity_percent,
            one.air.humidity_percent,
            " %",
        ),
    )
    for key, value, limit, unit in limits:
        if value is None or limit is None or limit[0] <= value <= limit[1]:
            continue
        better = _suits_all(key, air, limit[0] if value < limit[0] else limit[1])
        path = (*ROOM, key)
        yield Problem(
            path=path,
            value=f"{value:g}",
            rule=f"{value:g}{unit} is not what {model} breathes, {limit[0]:g} to {limit[1]:g}{unit}"
            + (f": write {better:g}" if better is not None else ": no value suits all models"),
            remedy=((path, f"{better:g}"),) if better is not None else (),
        )


def _suits_all(key: str, air: RoomAir, nearest: float) -> float | None:
    name = {"inlet_c": "inlet_c", "relative_humidity_percent": "humidity_percent"}[key]
    known = [limit for one in air.models().values() if (limit := getattr(one.air, name))]
    low, high = max(limit[0] for limit in known), min(limit[1] for limit in known)
    return min(max(nearest, low), high) if low <= high else None
