"""How much of the cooling is used."""

from collections.abc import Iterator, Mapping, Sequence

from clusterwright.design.cooling.air import RoomAir, balance_air
from clusterwright.design.cooling.duty import Duty
from clusterwright.design.cooling.supply import limits_c
from clusterwright.design.occupant import Occupant
from clusterwright.design.plan import AirBalance, CircuitBalance, CoolingBalance, Usage
from clusterwright.design.racks import RackPlace
from clusterwright.load import LoadedSite


def balance_cooling(loaded: LoadedSite, duties: Sequence[Duty], air: RoomAir) -> CoolingBalance:
    """Return heat against cooling, circuit by circuit, and the room's air."""
    return CoolingBalance(
        circuits=tuple(_circuit(loaded, duty) for duty in duties),
        air=balance_air(loaded, air),
    )


def _circuit(loaded: LoadedSite, duty: Duty) -> CircuitBalance:
    coldest, warmest = limits_c(loaded, duty)
    return CircuitBalance(
        circuit=duty.loop.name,
        heat_watts=duty.heat_watts,
        capacity_watts=duty.capacity_watts,
        reserve_watts=duty.reserve_watts,
        flow_lpm=round(duty.flow_lpm, 1),
        reserve_lpm=duty.reserve_lpm,
        supply_c=duty.loop.supply_temperature_c,
        return_c=round(duty.return_c, 1),
        coldest_c=coldest,
        warmest_c=warmest,
    )


def find_usages(
    racks: Mapping[str, RackPlace],
    by_rack: Mapping[str, Sequence[Occupant]],
    balance: CoolingBalance,
) -> Iterator[Usage]:
    """Yield heat and flow against what is left in the worst case that must be outlived."""
    for one in balance.circuits:
        subject = f"loop {one.circuit}"
        allowed = one.capacity_watts if one.reserve_watts is None else one.reserve_watts
        yield _usage(subject, "heat to the coolant", one.heat_watts / 1000, allowed / 1000, "kW")
        if one.reserve_lpm is not None:
            yield _usage(subject, "flow of coolant", one.flow_lpm, one.reserve_lpm, "L/min")
    for name, inside in by_rack.items():
        yield from _of_rack(racks[name], inside)
    yield from _of_air(balance.air)


def _of_rack(rack: RackPlace, inside: Sequence[Occupant]) -> Iterator[Usage]:
    tank, air_limit_kw = rack.model.immersion, rack.group.air_limit_kw
    if tank and tank.heat_max_watts:
        heat = sum(one.liquid_watts for one in inside) / 1000
        yield _usage(
            f"rack {rack.name}", "heat to the fluid", heat, tank.heat_max_watts / 1000, "kW"
        )
    if air_limit_kw:
        heat = sum(one.air_watts for one in inside) / 1000
        yield _usage(f"rack {rack.name}", "heat to the air", heat, air_limit_kw, "kW")


def _of_air(air: AirBalance) -> Iterator[Usage]:
    if air.reserve_watts is not None:
        yield _usage(
            "room", "heat to the air", air.heat_watts / 1000, air.reserve_watts / 1000, "kW"
        )
    if air.reserve_cfm is not None:
        yield _usage("room", "flow of air", air.flow_cfm, air.reserve_cfm, "CFM")


def _usage(subject: str, limit: str, used: float, allowed: float, unit: str) -> Usage:
    return Usage(
        layer="cooling", subject=subject, limit=limit, used=used, allowed=allowed, unit=unit
    )
